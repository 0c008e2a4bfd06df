"""Peers that are called from Python relative to steplab's drop-in, which is called the same way."""

from ..peers.ratios import DROPIN
from .against import collect_against, draw  # noqa: F401

name, part = "against_python", "peers"
title = (
    "Time of a step called from Python relative to steplab's drop-in for torch.optim, of the same round:"
    " medians with 95 % intervals; right of 1 steplab is faster"
)


def collect(evidence):
    return collect_against(evidence.peer_ratios, DROPIN)
