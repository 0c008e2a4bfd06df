"""What this run cannot tell apart: cells that were timed twice under two names (A/A pairs).

The smallest detectable difference is the 95 % quantile of how far the two names lie apart. How often the
study's own rule (an interval away from 1, a ratio beyond the floor) then claims a difference where there
is none is counted over the pairs, each against the floor of the others, and over halves of each cell's
rounds.
"""

import math
from dataclasses import dataclass

from ..statistics.intervals import median, ratio_of_medians, separation

MOST_FALSE = 0.05  # a run whose rule claims more often than that is not to be believed
FEWEST = 3  # samples on each side: fewer have no interval to speak of


@dataclass(frozen=True)
class FalsePositives:
    """`claimed` differences among `compared` comparisons of a cell with itself; `pairs` of them A/A
    pairs."""

    claimed: int
    compared: int
    pairs: int

    @property
    def rate(self):
        return self.claimed / self.compared

    @property
    def acceptable(self):
        return self.rate <= MOST_FALSE


def is_double(cell):
    """Whether the cell is the second name of an A/A pair."""
    return "again" in cell.rest


def twins(cells):
    """[(cell, the same under its second name)]"""
    first = {_key(c): c for c in cells if not is_double(c)}
    return [(first[_key(c)], c) for c in cells if is_double(c) and _key(c) in first]


def _key(cell):
    rest = cell.rest.replace("/again", "")
    return (cell.optimizer, cell.kernel, cell.n, cell.schedule, cell.tensors, cell.threads, rest)


def halves(cells):
    """[(samples of even rounds, those of odd ones)] of each cell: as close in time as two cells are."""
    both = [(c.samples[::2], c.samples[1::2]) for c in cells]
    return [(even, odd) for even, odd in both if len(odd) >= FEWEST]


def distance(a, b):
    """How far apart two medians lie, relative to the lower one."""
    low, high = sorted((median(a), median(b)))
    return high / low - 1


def floor_of(distances):
    """The 95 % quantile, rounded up to a distance that was seen; None without any."""
    return sorted(distances)[math.ceil(0.95 * len(distances)) - 1] if distances else None


def smallest_difference(cells):
    """From the A/A pairs; from the halves where there are none; None without either."""
    pairs = [(a.samples, b.samples) for a, b in twins(cells)]
    return floor_of([distance(a, b) for a, b in pairs or halves(cells)])


def false_positives(cells, others=()):
    """FalsePositives over the A/A pairs of `cells` and the halves of these and of `others`; None when
    nothing was measured twice."""
    pairs = [(a.samples, b.samples) for a, b in twins(cells)]
    pairs = [pair for pair in pairs if min(map(len, pair)) >= FEWEST]
    distances = [distance(a, b) for a, b in pairs]
    claimed = 0
    for i, (a, b) in enumerate(pairs):
        others_of_it = [d for j, d in enumerate(distances) if j != i]
        claimed += _claims(a, b, floor_of(others_of_it) or 0.0)
    split = halves([*cells, *others])
    floor = smallest_difference(cells) or 0.0
    claimed += sum(_claims(a, b, floor) for a, b in split)
    compared = len(pairs) + len(split)
    return FalsePositives(claimed, compared, len(pairs)) if compared else None


def _claims(a, b, floor):
    # The interval is drawn only where the floor alone does not decide.
    return distance(a, b) > floor and separation(ratio_of_medians(a, b), floor) != 0
