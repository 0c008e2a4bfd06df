"""Near-best bands of learning rates, as several claims read them from the study `lr_sensitivity`: of the
mean loss over seeds, with jackknife intervals over the seeds.

An edge is a straight line's guess between two points of the grid: half the distance between them is added in
quadrature to what the seeds leave open.
"""

import math

from ..statistics.intervals import Interval, jackknife
from .rate_grid import mean_curve, near_best

LEVEL = 0.99
DECADE = 4  # grid points
HALF_STEP = 0.5 / DECADE  # decades
TWO_EDGES = math.hypot(HALF_STEP, HALF_STEP)


def ends(arm, kept=None):
    """(low, high) of the band as logs to base 10 of rates, of the seeds `kept`; None with an open edge."""
    kept = range(len(arm["losses"][0])) if kept is None else kept
    found = near_best(mean_curve([dict(zip(arm["points"], column)) for column in _columns(arm, kept)]))
    return None if found is None else tuple(position / DECADE for position in found)


def _columns(arm, kept):
    return [[row[seed] for row in arm["losses"]] for seed in kept]


def end_interval(arm, side):
    """The low (0) or high (1) edge as an Interval of the rate; None with an open edge."""

    def statistic(kept):
        found = ends(arm, kept)
        return None if found is None else found[side]

    return _exponential(_with_grid(jackknife(statistic, len(arm["losses"][0]), LEVEL), HALF_STEP))


def width(arm):
    """Decades of the band as an Interval; None with an open edge."""

    def statistic(kept):
        found = ends(arm, kept)
        return None if found is None else found[1] - found[0]

    return _with_grid(jackknife(statistic, len(arm["losses"][0]), LEVEL), TWO_EDGES)


def width_ratio(arm, reference):
    """Width of `arm` ÷ width of `reference` as an Interval, the same seeds left out of both."""

    def statistic(kept):
        top, bottom = ends(arm, kept), ends(reference, kept)
        if top is None or bottom is None:
            return None
        return math.log10((top[1] - top[0]) / (bottom[1] - bottom[0]))

    found = jackknife(statistic, len(arm["losses"][0]), LEVEL)
    if found is None:
        return None
    widths = [high - low for low, high in (ends(arm), ends(reference))]
    return _exponential(_with_grid(found, math.hypot(*(math.log10(1 + TWO_EDGES / w) for w in widths))))


def _with_grid(found, more):
    """An interval with `more` added in quadrature to both sides; None where there is none."""
    if found is None:
        return None
    low, high = (math.hypot(found.value - end, more) for end in (found.low, found.high))
    return Interval(found.value, found.value - low, found.value + high, found.count)


def _exponential(found):
    if found is None:
        return None
    value, low, high = (10**x if x < 300 else math.inf for x in (found.value, found.low, found.high))
    return Interval(value, low, high, found.count)
