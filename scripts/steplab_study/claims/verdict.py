"""Verdicts, and the general rule that most claims share.

Exclusion comes first: an interval that lies wholly outside the stretched range is `no` (or `opposite`)
however wide it is, and may end at infinity. Only what overlaps the stretched range without lying in it is
`open`.
"""

import math
from dataclasses import dataclass

HOLDS = "holds"  # the interval lies in the claimed range
ROUGHLY = "roughly"  # the direction is right, the size within 1.5 times the range
IN_PART = "in part"  # some of the claim's statements hold, or it holds under named conditions
NO = "no"  # measured, and outside
OPPOSITE = "opposite"  # the sign is the other one
OPEN = "open"  # could not be told here
WORDS = (HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN)
DECIDED = WORDS[:-1]
STRETCH = 1.5
TOO_WIDE, NOT_RUN, CENSORED = "the interval is too wide", "not run", "too few seeds reach the target"
AT_EDGE = "at an edge of the search"


def _known(word):
    if word not in WORDS:
        raise ValueError(f"unknown verdict '{word}'; known: {', '.join(WORDS)}")


@dataclass(frozen=True)
class Cell:
    """One of the cases that a claim is made of: a size, a workload, a statement.

    `why`: of an open one the reason, of one that holds in part the conditions.
    """

    label: str
    word: str
    why: str = ""

    def __post_init__(self):
        _known(self.word)


@dataclass(frozen=True)
class Verdict:
    """`text`: what was measured, in one or two sentences with numbers, units and intervals.

    `statements`: (label, word) of a claim that makes several statements. `why`: of an open verdict the
    reason, of one in part the conditions, else empty. `headline`: the verdict and its number in a sentence.
    """

    word: str
    text: str
    statements: tuple = ()
    why: str = ""
    headline: str = ""

    def __post_init__(self):
        _known(self.word)
        if bool(self.why) != (self.word in (OPEN, IN_PART)):
            raise ValueError(f"'{self.word}' {'needs no' if self.why else 'needs a'} reason or condition")

    @property
    def condition(self):
        """' (conditions or reason)' to stand behind the word; empty without one."""
        return f" ({self.why})" if self.why else ""


def verdict_of(cell, text, statements=()):
    """The Verdict of a claim whose word is that of `cell`; `statements`: a Cell each."""
    return Verdict(cell.word, text, tuple((each.label, each.word) for each in statements), cell.why)


def said(verdict, sentence):
    """The headline of a verdict: an open one says so first."""
    if verdict.word != OPEN:
        return sentence
    named = sentence.startswith(("Adam", "SGD"))
    return f"Open: {sentence if named else sentence[0].lower() + sentence[1:]}"


def in_range(found, low, high, neutral=None, extra=None):
    """The word of an Interval against the claimed range [low, high].

    `neutral`: the value of no effect; an interval wholly on its other side is `opposite`. `extra`: by how
    much the range is stretched at each end, by default to STRETCH times its width.
    """
    if found is None or math.isnan(found.low) or math.isnan(found.high):
        return OPEN
    extra = (high - low) * (STRETCH - 1) / 2 if extra is None else extra
    if low <= found.low and found.high <= high:
        return HOLDS
    if neutral is not None and (found.high < neutral if low >= neutral else found.low > neutral):
        return OPPOSITE
    if found.high < low - extra or found.low > high + extra:
        return NO
    return ROUGHLY if low - extra <= found.low and found.high <= high + extra else OPEN


def at_least(found, limit, neutral=0.0):
    """The word of an Interval against 'at least `limit`': roughly from two thirds of its distance from
    `neutral` on."""
    return in_range(found, limit, math.inf, neutral, (limit - neutral) * (1 - 1 / STRETCH))


def at_most(found, limit, neutral=None):
    """The word of an Interval against 'at most `limit`': roughly up to STRETCH times the limit, or, with a
    value of no effect above the limit, from two thirds of the distance from there on."""
    extra = limit * (STRETCH - 1) if neutral is None else (neutral - limit) * (1 - 1 / STRETCH)
    return in_range(found, -math.inf, limit, neutral, extra)


def within(value, claimed, share):
    """The word of an exact value against a claimed one, `share` of it either way."""
    off = abs(value / claimed - 1)
    return HOLDS if off <= share else ROUGHLY if off <= STRETCH * share else NO


def of_interval(label, found, word, missing=NOT_RUN):
    """The Cell of an Interval that was given `word`, with the reason where it is open; `missing`: the reason
    where there is no interval."""
    if word != OPEN:
        return Cell(label, word)
    if found is None:
        return Cell(label, OPEN, missing)
    endless = not math.isfinite(found.high - found.low)
    return Cell(label, OPEN, CENSORED if endless else TOO_WIDE)
