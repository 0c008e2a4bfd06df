"""C30: gradient noise and the learning rate."""

from ..statistics.intervals import t_interval
from ..statistics.power_laws import exponent
from ..wording.labels import optimizer_label
from ..wording.numbers import interval, number
from .combined import combined
from .verdict import (
    AT_EDGE,
    HOLDS,
    IN_PART,
    NO,
    OPEN,
    OPPOSITE,
    ROUGHLY,
    at_most,
    of_interval,
    said,
    verdict_of,
)

id = "C30"
sentence = "Less noise in the gradients allows larger learning rates."
rule = (
    "Exponent of the best rate on the noise over five levels, batch and steps fixed, 99 % interval over "
    "seeds. Holds if it lies below −0.1 for SGD and for Adam, roughly below −0.067, in part for one of them, "
    "no above that, opposite above 0, open if too wide or at an edge."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN)
needs = ("noise",)
figure = None
LEVEL, SLOPE = 0.99, -0.1


def measure(evidence):
    outcomes = evidence.outcomes("noise")
    if not outcomes:
        return None
    some = next(iter(outcomes.values()))
    return {
        "arms": {o["arm"]: _exponent(o) for o in outcomes.values()},
        "noise": some["noise"],
        "steps": some["steps"],
        "batch": some["batch"],
    }


def _exponent(outcome):
    if any(rate is None for row in outcome["best"] for rate in row):
        return None
    return t_interval([exponent(outcome["noise"], rates) for rates in zip(*outcome["best"])], LEVEL)


def decide(found):
    cells = [
        of_interval(optimizer_label(arm), slope, at_most(slope, SLOPE, neutral=0.0), AT_EDGE)
        for arm, slope in found["arms"].items()
    ]
    each = ", ".join(f"{optimizer_label(arm)} a = {interval(a, 2)}" for arm, a in found["arms"].items())
    levels = found["noise"]
    text = (
        f"Best rate ∝ noise^a on a quadratic over noise {levels[0]:g} to {levels[-1]:g}, {found['steps']} "
        f"steps of batch {found['batch']}: {each} (99 % intervals over seeds)."
    )
    return verdict_of(combined(id, cells, every=True), text, cells)


def headline(found):
    told = [
        f"{number(10**slope.value, 2)} for {optimizer_label(arm)}"
        for arm, slope in found["arms"].items()
        if slope is not None
    ]
    if not told:
        return "Open: the best rates lie at an edge of the grid for some noise levels."
    return said(
        decide(found),
        f"Ten times the gradient noise multiplies the best learning rate by {' and by '.join(told)}.",
    )
