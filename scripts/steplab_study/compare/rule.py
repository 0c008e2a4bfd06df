"""Whether a benchmark cell got faster or slower from A to B: the rule, on samples alone.

A cell is faster or slower where the Mann-Whitney test over its rounds says so, corrected over all cells,
and the ratio of medians lies beyond the minimum effect; same where the interval of the ratio lies within
it; else undecided.
"""

import math
from dataclasses import dataclass

import numpy as np

from ..statistics import tests
from ..statistics.intervals import Interval, median_interval, ratio_of_medians
from ..wording.numbers import number

LEVEL = 0.05
LEAST_EFFECT = 0.02
FEWEST = 5  # samples a side: below that the interval of a median covers less than 93 %
FASTER, SLOWER, SAME, UNDECIDED = VERDICTS = "faster", "slower", "same", "undecided"


@dataclass(frozen=True)
class Compared:
    """One cell that both sides have: times in ns per parameter, `ratio` time of B ÷ time of A."""

    id: str
    a: Interval
    b: Interval
    ratio: Interval
    p: float  # corrected over the cells
    verdict: str

    @property
    def effect(self):
        return abs(math.log(self.ratio.value))


def aa_difference(sides):
    """The relative difference that one program shows against itself: 95th percentile over the cells of
    both sides. `sides`: two {cell id: samples in the order of rounds}.

    Each side's even rounds stand against its odd ones. The order within a round alternates, so that the
    halves differ in whatever the two sides differ in beside the code: place in the round, process, drift. A
    second pass of A would cost half as much time again and tell no more. Medians of half the rounds scatter
    √2 times as much as those of all; that much is taken out.
    """
    found = [
        abs(float(np.median(samples[::2]) / np.median(samples[1::2])) - 1)
        for side in sides
        for samples in side.values()
        if len(samples) >= 4
    ]
    return float(np.quantile(found, 0.95)) / math.sqrt(2) if found else None


def minimum_effect(given, aa):
    """What --min-effect says, else the larger of 2 % and the A/A figure."""
    return given if given is not None else max(LEAST_EFFECT, aa or 0.0)


def judge(a, b, effect, comparable=True):
    """[Compared] of the cells in both `a` and `b`: {cell id: samples}, largest effect first.

    `effect`: relative difference that counts. Without `comparable` (two machines) nothing is decided.
    """
    ids = [cell for cell in a if cell in b]
    # Benjamini-Hochberg rather than Holm: a change usually moves many cells at once, where Holm goes blind;
    # where nothing changed both have the same chance, at most LEVEL, of any false verdict in the whole table.
    p = tests.benjamini_hochberg([tests.two_sided(a[cell], b[cell]) for cell in ids])
    found = [_compared(cell, a[cell], b[cell], p_cell, effect, comparable) for cell, p_cell in zip(ids, p)]
    return sorted(found, key=lambda cell: -cell.effect)


def _compared(cell, a, b, p, effect, comparable):
    ratio = ratio_of_medians(b, a)
    enough = comparable and min(len(a), len(b)) >= FEWEST
    word = verdict(ratio, p, effect) if enough else UNDECIDED
    return Compared(cell, median_interval(a), median_interval(b), ratio, p, word)


def verdict(ratio, p, effect):
    """A ratio counts as beyond or within ± `effect` in both directions alike: 1 / (1 + effect) mirrors 1
    + effect."""
    low, high = 1 / (1 + effect), 1 + effect
    if p <= LEVEL and not low <= ratio.value <= high:
        return SLOWER if ratio.value > 1 else FASTER
    return SAME if low <= ratio.low and ratio.high <= high else UNDECIDED


def summary(found, effect):
    """One line: how many of each verdict, and the largest changes."""
    if not found:
        return "no cell is on both sides: nothing compared"
    counts = ", ".join(f"{sum(c.verdict == word for c in found)} {word}" for word in VERDICTS)
    text = f"{len(found)} cells: {counts} (minimum effect {number(100 * effect, 2)} %)"
    for word in (SLOWER, FASTER):
        worst = next((c for c in found if c.verdict == word), None)
        if worst is not None:
            text += f"; most {word}: {worst.id}, {change(worst.ratio.value)}"
    return text


def change(ratio):
    """1.053 as '+5.3 %', of the time."""
    return f"{100 * (ratio - 1):+.1f} %"
