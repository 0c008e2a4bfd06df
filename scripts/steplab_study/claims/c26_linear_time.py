"""C26: more arithmetic, but still proportional to the number of parameters."""

from ..statistics.power_laws import exponent_of_medians
from ..wording.labels import optimizer_label
from ..wording.numbers import interval, listing, number
from .footprint import sizes_text
from .verdict import CONTRADICTED, NOT_MEASURED, SUPPORTED, Verdict, in_range

id = "C26"
sentence = (
    "Adam does more arithmetic a parameter than SGD, yet the time of both grows linearly with the parameters."
)
rule = (
    "Operations a parameter counted on the rules' own text: more for Adam. Slope of log time against log"
    " size for at least three sizes of at least 4 times the last cache, one thread, 99 % intervals: .95 to"
    " 1.05 for both."
)
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
    words = [in_range(found["slopes"][o], LOW, HIGH) for o in OPTIMIZERS]
    if adam <= momentum or CONTRADICTED in words:
        word = CONTRADICTED
    elif NOT_MEASURED in words:
        word = NOT_MEASURED
    else:
        word = SUPPORTED if set(words) == {SUPPORTED} else next(w for w in words if w != SUPPORTED)
    counts = f"Adam does {number(adam, 2)} operations a parameter, SGD-M {number(momentum, 2)}."
    known = [f"{optimizer_label(o)} {interval(s)}" for o, s in found["slopes"].items() if s is not None]
    if not known:
        return Verdict(
            word, f"{counts} Fewer than {LEAST_SIZES} sizes lie beyond {CACHES} times the last cache."
        )
    return Verdict(
        word, f"{counts} Time grows with N to the power {listing(known)} over {sizes_text(found['sizes'])}."
    )
