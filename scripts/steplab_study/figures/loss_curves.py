"""Validation loss over steps at a constant learning rate, the band over test seeds, the target."""

from ..rankings import across_workloads
from .curves import collect_curves, draw_curves

name, part = "loss_curves", "ranking"
title = (
    "Validation loss over training steps at a constant learning rate: median over seeds, band from the"
    " lowest to the highest seed"
)


def collect(evidence):
    return collect_curves(across_workloads.constant(evidence.rankings))


def draw(data):
    return draw_curves(data)
