"""C27: parameters of very different scales."""

import math

from ..statistics.intervals import Interval
from ..wording.numbers import number, span
from .combined import combined
from .verdict import (
    HOLDS,
    IN_PART,
    NO,
    NOT_RUN,
    OPEN,
    OPPOSITE,
    ROUGHLY,
    Cell,
    at_least,
    of_interval,
    verdict_of,
)

id = "C27"
sentence = "Adam handles parameters of very different scales, where a single learning rate cannot."
rule = (
    "Tuned steps SGD-M ÷ Adam at every scale ratio of 100 and more. Holds if it is at least 2 where "
    "gradients differ and where parameters differ, axis-aligned and rotated; roughly if at least 1.67; in "
    "part if only in some of these four cases; no if in none; opposite if Adam needs more steps in all; open "
    "where neither arrives or a case was not run."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN)
needs = ("scale_ratio",)
figure = "scale_ratio"
FEWER, FROM = 2.0, 100
CROSSED, FRAMES = ("gradients", "parameters"), ("aligned", "rotated")


def measure(evidence):
    outcomes = evidence.outcomes("scale_ratio")
    return {key: _speedups(outcome) for key, outcome in outcomes.items()} or None


def _speedups(outcome):
    """{ratio: (at least, at most)} of SGD-M's steps ÷ Adam's: a bound where one of them did not arrive."""
    arms = outcome["arms"]
    rows = zip(outcome["ratios"], outcome["horizons"], arms["sgd_momentum"], arms["adam"])
    return {ratio: _quotient(momentum, adam, horizon) for ratio, horizon, momentum, adam in rows}


def _quotient(momentum, adam, horizon):
    if math.isinf(momentum) and math.isinf(adam):
        return (0.0, math.inf)
    if math.isinf(adam):
        return (0.0, momentum / horizon)
    return (horizon / adam, math.inf) if math.isinf(momentum) else (momentum / adam, momentum / adam)


def decide(found):
    cells = [_cell(f"{way}, {frame}", found.get(f"{way}, {frame}")) for way in CROSSED for frame in FRAMES]
    text = "; ".join(_text(key, case) for key, case in sorted(found.items()))
    text = f"Steps of tuned SGD-M ÷ tuned Adam: {text}."
    return verdict_of(combined(id, cells, every=True), text, cells)


def headline(found):
    told = [
        f"{span(bounds, 2)} ({frame})"
        for frame in FRAMES
        if (bounds := [end for way in CROSSED for end in _finite(found.get(f"{way}, {frame}", {}))])
    ]
    if not told:
        return "Open: SGD with momentum or Adam misses the target at every large scale ratio."
    needs = " and ".join(told)
    return f"With scales a hundredfold apart or more, SGD with momentum needs {needs} times Adam's steps."


def _finite(case):
    """The known ends of the quotients from FROM on; of what never arrived the bound."""
    ends = [(low, high) for ratio, (low, high) in case.items() if ratio >= FROM]
    return [low if low > 0 else high for low, high in ends if low > 0 or math.isfinite(high)]


def _cell(key, case):
    if case is None:
        return Cell(key, OPEN, NOT_RUN)
    parts = []
    for ratio, (low, high) in case.items():
        if ratio >= FROM:
            found = Interval(low, low, high, 1)
            label = f"ratio {number(ratio, 3)}"
            parts.append(of_interval(label, found, at_least(found, FEWER, neutral=1.0)))
    return combined(key, parts, every=True)


def _text(key, case):
    return f"{key} " + ", ".join(
        f"{_bounds(bounds)} at {number(ratio, 2 if ratio < 100 else 3)}"
        for ratio, bounds in case.items()
        if ratio >= FROM
    )


def _bounds(bounds):
    low, high = bounds
    if low == high:
        return number(low, 2)
    if math.isinf(high):
        return f"more than {number(low, 2)}" if low else "unknown"
    return f"less than {number(high, 2)}"
