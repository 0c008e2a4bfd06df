"""The effective rate of parameters with large gradients in Adam."""

from ..wording import numbers
from . import falling_share
from .combined import combined
from .verdict import HOLDS, IN_PART, NO, OPEN, OPPOSITE, ROUGHLY, STRETCH, Cell, verdict_of

id = "C35"
sentence = "Adam gives parameters with large gradients smaller effective learning rates."
rule = (
    "Slope of log |update|/|gradient| on log RMS of the gradient over 0.001 to 1, and change of the "
    "parameters' ways when all gradients are multiplied by 100 and 0.01. Holds if the 99 % interval of the "
    "slope lies at or below -0.5 and the ways change by at most 1 % of the RMS of all ways; roughly at or "
    "below -0.33, or 1.5 %; in part if only one of the two fits; no above that, opposite above 0, open if "
    "too wide."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN)
needs, figure = ("updates",), "decay_share"
CHANGE = 0.01


def measure(evidence):
    found = evidence.outcomes("updates").get("scale")
    if found is None:
        return None
    arms = {
        name: {"slope": falling_share.interval(arm["slopes"]), "change": max(arm["rescaled"].values())}
        for name, arm in found["arms"].items()
    }
    return {"adam": arms["adam"], "control": arms["sgd_momentum"]}


def decide(found):
    slope, change, control = found["adam"]["slope"], found["adam"]["change"], found["control"]
    text = (
        f"The slope of log effective rate on log RMS of the gradient is {numbers.interval(slope, 2)} for "
        f"Adam and {numbers.interval(control['slope'], 2)} for SGD-M, the control. Gradients a hundred times "
        f"larger or smaller change Adam's ways by at most {100 * change:.2g} %."
    )
    falls = falling_share.cell("the rate falls", slope)
    if falls.word in (NO, OPPOSITE, OPEN):  # without the fall, unchanged ways say nothing of the claim
        return verdict_of(falls, text)
    same = HOLDS if change <= CHANGE else ROUGHLY if change <= STRETCH * CHANGE else NO
    return verdict_of(combined(id, (falls, Cell("scale does not matter", same)), every=True), text)


def headline(found):
    slope = found["adam"]["slope"]
    if slope is None:
        return "Open: an effective learning rate was 0."
    factor = numbers.number(10**slope.value, 2)
    return f"In Adam, ten times the gradient multiplies a parameter's effective learning rate by {factor}."
