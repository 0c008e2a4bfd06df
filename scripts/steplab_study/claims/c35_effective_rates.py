"""The effective rate of parameters with large gradients in Adam."""

from ..wording import numbers
from . import falling_share
from .verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED, Verdict

id = "C35"
sentence = "Adam gives parameters with large gradients smaller effective learning rates."
rule = (
    "Slope of log |update|/|gradient| on log RMS of the gradient over 0.001 to 1, and change of the "
    "parameters' ways when all gradients are multiplied by 100 and 0.01: supported if the 99 % interval of "
    "the slope lies at or below -0.5 and the ways change by at most 1 % of the RMS of all ways; imprecise "
    "if the slope is below 0, contradicted if above."
)
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
    if slope is None:
        return Verdict(NOT_MEASURED, "an effective rate was 0")
    text = (
        f"The slope of log effective rate on log RMS of the gradient is {numbers.interval(slope, 2)} for "
        f"Adam and {numbers.interval(control['slope'], 2)} for SGD-M, the control. Gradients a hundred times "
        f"larger or smaller change Adam's ways by at most {100 * change:.2g} %."
    )
    if slope.high <= falling_share.LIMIT and change <= CHANGE:
        return Verdict(SUPPORTED, text)
    if slope.high < 0:
        return Verdict(IMPRECISE, text)
    return Verdict(CONTRADICTED if slope.low > 0 else NOT_SUPPORTED, text)
