"""Whether AdamW decays every weight by the same share."""

from . import falling_share
from .combined import combined
from .verdict import HOLDS, IN_PART, NO, OPEN, ROUGHLY, in_range, of_interval, said, verdict_of

id = "C17"
sentence = "AdamW decays every weight by the same share, whatever its gradients."
rule = (
    "As C15, for AdamW. Holds if the 99 % interval of the slope lies within ± 0.02 at every decay, roughly "
    "within ± 0.03, in part at some decays, no if it lies outside, open if it is too wide."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPEN)
needs, figure = ("updates",), "decay_share"
RANGE = 0.02


def measure(evidence):
    return falling_share.decay_arms(evidence, "adamw")


def decide(found):
    arms = found["arms"]
    slopes = falling_share.listed(arms)
    text = (
        f"The slope of log decay share on log RMS of the gradient is {slopes} after {found['steps']} steps "
        "of AdamW."
    )
    cells = [of_interval(f"decay {d:g}", a, in_range(a, -RANGE, RANGE)) for d, a in arms.items()]
    return verdict_of(combined(id, cells, every=True), text)


def headline(found):
    factors = falling_share.factors(found["arms"])
    return said(
        decide(found),
        f"In AdamW, ten times the gradient multiplies the share that decays by {factors}.",
    )
