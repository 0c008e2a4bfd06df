"""Seconds to the frozen target per problem: steps × time of a whole training step on a quiet machine."""

from .style import seconds_axis
from .targets import collect_targets, draw_targets

name, part = "seconds_to_target", "convergence"
title = "Seconds to the target: steps × time of a whole training step, both drawn, 95 % interval"


def collect(results):
    return collect_targets(
        results, lambda problem, arm, loss: arm.seconds_interval(loss, problem.floor), "seconds"
    )


def draw(data):
    return draw_targets(data, "seconds to target", seconds_axis)
