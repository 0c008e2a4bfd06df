"""Verdicts, and the general rule that most claims share.

A claimed range holds when the whole interval lies in it; a measurement decides nothing when its interval
is wider than twice the range. Ranges are of ratios or shares unless a claim says otherwise.
"""

import math
from dataclasses import dataclass

SUPPORTED = "supported"
IMPRECISE = "imprecise"
CONTRADICTED = "contradicted"
NOT_SUPPORTED = "not supported"
NOT_MEASURED = "not measured"
WORDS = (SUPPORTED, IMPRECISE, CONTRADICTED, NOT_SUPPORTED, NOT_MEASURED)
DECIDED = WORDS[:-1]


@dataclass(frozen=True)
class Verdict:
    """`text`: what was measured, in one or two sentences with numbers, units and intervals.

    `statements`: (label, word) of a claim that makes several statements.
    """

    word: str
    text: str
    statements: tuple = ()

    def __post_init__(self):
        if self.word not in WORDS:
            raise ValueError(f"unknown verdict '{self.word}'; known: {', '.join(WORDS)}")


def in_range(found, low, high, stretch=1.5):
    """The general rule for an Interval against the claimed range [low, high], as a word.

    supported: the interval lies in the range. imprecise: it lies within the range stretched by
    `stretch`. not measured: it is wider than twice the range. contradicted: it lies outside the
    stretched range. not supported: it straddles an edge.
    """
    if found is None or not math.isfinite(found.high - found.low):
        return NOT_MEASURED
    if low <= found.low and found.high <= high:
        return SUPPORTED
    width = high - low
    if found.high - found.low > 2 * width:
        return NOT_MEASURED
    extra = width * (stretch - 1) / 2
    if low - extra <= found.low and found.high <= high + extra:
        return IMPRECISE
    if found.high < low - extra or found.low > high + extra:
        return CONTRADICTED
    return NOT_SUPPORTED


def share_of(words, word):
    """The share of `words` that are `word`, leaving out what was not measured; 0 when nothing was."""
    decided = [w for w in words if w != NOT_MEASURED]
    return decided.count(word) / len(decided) if decided else 0.0
