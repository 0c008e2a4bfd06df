"""Whether AdamW decays every weight by the same share."""

from ..wording import numbers
from . import falling_share
from .verdict import CONTRADICTED, IMPRECISE, NOT_SUPPORTED, SUPPORTED, Verdict

id = "C17"
sentence = "AdamW decays every weight by the same share, whatever its gradients."
rule = (
    "As C15, for AdamW: supported if the 99 % interval of the slope lies within ± 0.02, imprecise if within "
    "± 0.03, contradicted if outside, not supported if it straddles an edge."
)
needs, figure = ("updates",), "decay_share"
RANGE, STRETCHED = 0.02, 0.03


def measure(evidence):
    return falling_share.decay_arms(evidence, "adamw")


def decide(found):
    arms = found["arms"]
    listed = numbers.listing(f"{numbers.interval(a, 2)} at decay {decay:g}" for decay, a in arms.items())
    text = (
        f"The slope of log decay share on log RMS of the gradient is {listed} after {found['steps']} steps "
        "of AdamW."
    )
    widest = max(max(abs(a.low), abs(a.high)) for a in arms.values())
    if widest <= RANGE:
        return Verdict(SUPPORTED, text)
    if widest <= STRETCHED:
        return Verdict(IMPRECISE, text)
    outside = any(a.low > STRETCHED or a.high < -STRETCHED for a in arms.values())
    return Verdict(CONTRADICTED if outside else NOT_SUPPORTED, text)
