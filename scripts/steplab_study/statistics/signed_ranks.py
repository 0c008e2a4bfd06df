"""Paired differences of which some are infinite: the interval of Wilcoxon's signed ranks (Hodges and Lehmann
1963), which asks of a difference only where it stands among the others.

A seed that never reaches a target is slower than every other: the difference is +∞ or −∞, and counts.
"""

import functools
import math

import numpy as np

from .intervals import Interval

FEWEST = 3  # pairs; fewer say nothing


def signed_rank_interval(differences, level=0.95):
    """The median of all means of two differences, with the interval of the signed-rank test.

    Differences are floats, ±∞ among them; None with fewer than FEWEST. Too few pairs for the level (95 %
    needs six, 99 % eight) exclude nothing: the interval is then infinite.
    """
    count = len(differences)
    if count < FEWEST:
        return None
    means = sorted(_mean(differences[i], differences[j]) for i in range(count) for j in range(i, count))
    cut = _cut(count, round((1 - level) / 2, 9))
    middle = len(means) // 2
    value = means[middle] if len(means) % 2 else _mean(means[middle - 1], means[middle])
    if cut is None:
        return Interval(value, -math.inf, math.inf, count)
    return Interval(value, means[cut], means[-1 - cut], count)


def _mean(a, b):
    """Of opposite infinities 0: neither outweighs the other."""
    return (a + b) / 2 if math.isfinite(a + b) or a == b or math.isfinite(a) or math.isfinite(b) else 0.0


@functools.lru_cache
def _cut(count, tail):
    """How many means lie outside on each side: the largest rank sum that is reached, or gone below, with a
    probability of `tail` at most; None where none is."""
    ways = np.zeros(count * (count + 1) // 2 + 1)
    ways[0] = 1
    for rank in range(1, count + 1):
        ways[rank:] += ways[:-rank].copy()
    below = np.cumsum(ways) / 2.0**count
    cut = int(np.searchsorted(below, tail, side="right")) - 1
    return cut if cut >= 0 else None
