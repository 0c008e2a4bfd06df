"""Steps to the frozen target per workload and size, by both protocols."""

from ..wording.labels import count_label
from .targets import collect_targets, draw_targets

name, part = "steps_to_target", "ranking"
title = "Steps to the target: geometric mean over seeds with its 95 % t interval"


def collect(evidence):
    return collect_targets(evidence, lambda ranking, arm, loss: arm.steps_interval(loss), "steps")


def draw(data):
    return draw_targets(data, "steps to target", count_label)
