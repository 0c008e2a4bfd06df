"""C27: parameters of very different scales."""

import math

from ..wording.numbers import listing, number
from .verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED, Verdict

id = "C27"
sentence = "Adam handles parameters of very different scales, where a single learning rate cannot."
rule = (
    "Tuned steps SGD-M ÷ Adam at every scale ratio of 100 and more: at least 2 where gradients differ and "
    "where parameters differ, axis-aligned and rotated; imprecise if in one of the two only, or only "
    "axis-aligned; contradicted if Adam needs more steps in all."
)
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
    cases = {f"{way}, {frame}": found.get(f"{way}, {frame}") for way in CROSSED for frame in FRAMES}
    if any(case is None for case in cases.values()):
        missing = [key for key, case in cases.items() if case is None]
        return Verdict(NOT_MEASURED, f"not finished: {listing(missing)}")
    words = {key: _word([b for ratio, b in case.items() if ratio >= FROM]) for key, case in cases.items()}
    text = "; ".join(_text(key, case) for key, case in sorted(found.items()))
    return Verdict(_overall(words), f"Steps of tuned SGD-M ÷ tuned Adam: {text}.", tuple(words.items()))


def _word(bounds):
    if not bounds or any(low < FEWER <= high and low < high for low, high in bounds):
        return NOT_MEASURED
    if all(low >= FEWER for low, _ in bounds):
        return SUPPORTED
    return CONTRADICTED if all(high < 1 for _, high in bounds) else NOT_SUPPORTED


def _overall(words):
    aligned = [words[f"{way}, aligned"] for way in CROSSED]
    if NOT_MEASURED in words.values():
        return NOT_MEASURED
    if set(words.values()) == {SUPPORTED}:
        return SUPPORTED
    if set(words.values()) == {CONTRADICTED}:
        return CONTRADICTED
    return IMPRECISE if SUPPORTED in aligned else NOT_SUPPORTED


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
