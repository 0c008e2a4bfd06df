"""Steps to the frozen target per problem, at a constant learning rate."""

from .style import plain_log_axis
from .targets import collect_targets, draw_targets

name, part = "steps_to_target", "convergence"
title = "Steps to the target: geometric mean over seeds with its 95 % t interval"


def collect(results):
    return collect_targets(results, lambda problem, arm, loss: arm.steps_interval(loss), "steps")


def draw(data):
    return draw_targets(data, "steps to target", plain_log_axis)
