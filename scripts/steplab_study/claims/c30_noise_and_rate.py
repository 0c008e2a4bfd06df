"""C30: gradient noise and the learning rate."""

from ..statistics.intervals import t_interval
from ..statistics.power_laws import exponent
from ..wording.labels import optimizer_label
from ..wording.numbers import interval
from .combined import overall
from .verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED, Verdict

id = "C30"
sentence = "Less noise in the gradients allows larger learning rates."
rule = (
    "Exponent of the best rate on the noise over five levels, batch and steps fixed, per seed: 99 % "
    "interval below −0.1 for SGD and for Adam; imprecise below 0 or for one only; contradicted above 0."
)
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
    words = {optimizer_label(arm): _word(slope) for arm, slope in found["arms"].items()}
    each = ", ".join(f"{optimizer_label(arm)} a = {interval(a, 2)}" for arm, a in found["arms"].items())
    levels = found["noise"]
    text = (
        f"Best rate ∝ noise^a on a quadratic over noise {levels[0]:g} to {levels[-1]:g}, {found['steps']} "
        f"steps of batch {found['batch']}: {each} (99 % intervals over seeds)."
    )
    return Verdict(overall(list(words.values())), text, tuple(words.items()))


def _word(slope):
    if slope is None:
        return NOT_MEASURED
    if slope.high < SLOPE:
        return SUPPORTED
    if slope.high < 0:
        return IMPRECISE
    return CONTRADICTED if slope.low > 0 else NOT_SUPPORTED
