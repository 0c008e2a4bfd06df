"""C26: more arithmetic, but still proportional to the number of parameters."""

from ..statistics.power_laws import exponent_of_medians
from ..wording.labels import optimizer_label
from ..wording.numbers import interval, listing, number, span
from .combined import combined
from .footprint import sizes_text
from .verdict import (
    HOLDS,
    IN_PART,
    NO,
    OPEN,
    ROUGHLY,
    Cell,
    in_range,
    of_interval,
    said,
    verdict_of,
)

id = "C26"
sentence = (
    "Adam does more arithmetic a parameter than SGD, yet the time of both grows linearly with the parameters."
)
rule = (
    "Adam does more operations per parameter, counted on the rules' own text, and the slope of log time "
    "against log size lies in 0.95 to 1.05 for SGD-M and for Adam, by its 99 % interval over at least three "
    "sizes of at least 4 times the last cache, one thread. Holds if all three do, roughly if the slopes lie "
    "within 1.5 times that range, in part if one slope does or Adam does no more operations, no if the "
    "slopes lie outside, open with fewer sizes, or where a half-width above 0.05 excludes nothing."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPEN)
needs, figure = ("step",), "step_time"
OPTIMIZERS = ("sgd_momentum", "adam")
LOW, HIGH, LEVEL = 0.95, 1.05, 0.99
CACHES, LEAST_SIZES = 4, 3


def measure(evidence):
    """{"flops": {optimizer: a parameter}, "slopes": {optimizer: Interval or None}, "sizes"}"""
    results = evidence.benchmarks
    if not results.caches:
        return None
    least = CACHES * results.caches[-1]["bytes"]
    found = {"flops": {}, "slopes": {}, "sizes": []}
    for optimizer in OPTIMIZERS:
        cells = [results.best(optimizer, n) for n in sorted({c.n for c in results.step_cells})]
        cells = [c for c in cells if c is not None]
        if not cells or not cells[0].flops_per_parameter:
            return None
        large = [c for c in cells if c.footprint >= least]
        enough = len(large) >= LEAST_SIZES
        found["flops"][optimizer] = cells[0].flops_per_parameter
        found["slopes"][optimizer] = _slope(large) if enough else None
        found["sizes"] += [c.n for c in large]
    return found


def _slope(cells):
    """Of the time of a step; samples are times a parameter."""
    return exponent_of_medians([c.n for c in cells], [[s * c.n for s in c.samples] for c in cells], LEVEL)


def decide(found):
    momentum, adam = (found["flops"][o] for o in OPTIMIZERS)
    more = Cell("Adam does more operations", HOLDS if adam > momentum else NO)
    few = f"fewer than {LEAST_SIZES} sizes lie beyond {CACHES} times the last cache"
    cells = [
        of_interval(f"linear time of {optimizer_label(o)}", slope, in_range(slope, LOW, HIGH), few)
        for o, slope in ((o, found["slopes"][o]) for o in OPTIMIZERS)
    ]
    counts = f"Adam does {number(adam, 2)} operations per parameter, SGD-M {number(momentum, 2)}."
    known = [f"{optimizer_label(o)} {interval(s)}" for o, s in found["slopes"].items() if s is not None]
    told = f"Time grows with N to the power {listing(known)} over" if known else ""
    text = f"{counts} {told} {sizes_text(found['sizes'])}." if known else f"{counts} {few.capitalize()}."
    cell = combined(id, cells, every=True)
    if more.word == NO and cell.word in (HOLDS, ROUGHLY):
        cell = Cell(id, IN_PART, "time is linear, Adam does no more operations")
    return verdict_of(cell, text, (more, *cells))


def headline(found):
    momentum, adam = (number(found["flops"][o], 2) for o in OPTIMIZERS)
    slopes = [slope.value for slope in found["slopes"].values() if slope is not None]
    rest = f"time grows with size to the power {span(slopes, 3)}" if slopes else "too few sizes were timed"
    return said(
        decide(found),
        f"Adam does {adam} operations per parameter, SGD with momentum {momentum}; {rest}.",
    )
