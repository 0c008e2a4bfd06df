"""Validation loss over steps under warm-up and cosine decay, the band over test seeds, the target."""

from ..rankings import across_workloads
from .curves import collect_curves, draw_curves

name, part = "cosine_curves", "ranking"
title = (
    "Validation loss over training steps with warm-up and cosine decay to 0: median over seeds, band from"
    " the lowest to the highest seed"
)


def collect(evidence):
    return collect_curves(across_workloads.cosine(evidence.rankings))


def draw(data):
    return draw_curves(data)
