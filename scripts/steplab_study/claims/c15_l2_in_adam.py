"""How much weights with large gradients decay under L2 in Adam."""

from ..wording import numbers
from . import falling_share
from .verdict import CONTRADICTED, IMPRECISE, NOT_SUPPORTED, SUPPORTED, Verdict

id = "C15"
sentence = "Under L2 regularisation in Adam, weights with large gradients decay less."
rule = (
    "Decay share (difference between runs without and with decay) against the RMS of a zero-mean gradient "
    "over 0.001 to 1: supported if the 99 % interval of the slope of log share on log RMS lies at or below "
    "-0.5, imprecise if below 0, contradicted if above 0."
)
needs, figure = ("updates",), "decay_share"


def measure(evidence):
    return falling_share.decay_arms(evidence, "adam")


def decide(found):
    arms = found["arms"]
    listed = numbers.listing(f"{numbers.interval(a, 2)} at decay {decay:g}" for decay, a in arms.items())
    factors = numbers.listing(f"{10**a.value:.2f}" for a in arms.values())
    text = (
        f"The slope of log decay share on log RMS of the gradient is {listed} after {found['steps']} steps "
        f"of Adam: ten times the gradient multiplies the share by {factors}. Where the decay outweighs the "
        "gradient the share saturates, which flattens the slope."
    )
    if all(a.high <= falling_share.LIMIT for a in arms.values()):
        return Verdict(SUPPORTED, text)
    if all(a.high < 0 for a in arms.values()):
        return Verdict(IMPRECISE, text)
    return Verdict(CONTRADICTED if all(a.low > 0 for a in arms.values()) else NOT_SUPPORTED, text)
