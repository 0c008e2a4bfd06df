"""Seconds to the frozen target per workload and size: steps × time of a training step on a quiet machine."""

from ..wording.labels import seconds_label
from .targets import collect_targets, draw_targets

name, part = "seconds_to_target", "ranking"
title = "Time to the target: steps × time of a whole training step, both drawn, 95 % interval"


def collect(evidence):
    return collect_targets(
        evidence, lambda ranking, arm, loss: arm.seconds_interval(loss, ranking.floor), "seconds"
    )


def draw(data):
    return draw_targets(data, "time to target", seconds_label)
