"""How much weights with large gradients decay under L2 in Adam."""

from ..wording import numbers
from . import falling_share
from .combined import combined
from .verdict import HOLDS, IN_PART, NO, OPEN, OPPOSITE, ROUGHLY, said, verdict_of

id = "C15"
sentence = "Under L2 regularisation in Adam, weights with large gradients decay less."
rule = (
    "Decay share (difference between runs without and with decay) against the RMS of a zero-mean gradient "
    "over 0.001 to 1: the slope of log share on log RMS, 99 % interval, per decay. Holds if it lies at or "
    "below -0.5 at every decay, roughly at or below -0.33, in part at some decays, no above that, opposite "
    "above 0, open if the interval is too wide."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN)
needs, figure = ("updates",), "decay_share"


def measure(evidence):
    return falling_share.decay_arms(evidence, "adam")


def decide(found):
    arms = found["arms"]
    slopes = falling_share.listed(arms)
    factors = numbers.listing(f"{10**a.value:.2f}" for a in arms.values())
    text = (
        f"The slope of log decay share on log RMS of the gradient is {slopes} after {found['steps']} steps "
        f"of Adam: ten times the gradient multiplies the share by {factors}. Where the decay outweighs the "
        "gradient the share saturates, which flattens the slope."
    )
    cells = [falling_share.cell(f"decay {decay:g}", a) for decay, a in arms.items()]
    return verdict_of(combined(id, cells, every=True), text)


def headline(found):
    factors = falling_share.factors(found["arms"])
    return said(
        decide(found),
        f"Under L2 in Adam, ten times the gradient multiplies the share that decays by {factors}.",
    )
