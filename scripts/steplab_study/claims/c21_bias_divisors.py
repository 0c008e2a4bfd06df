"""Size of the bias corrections over the steps."""

from ..wording import numbers
from .verdict import CONTRADICTED, IMPRECISE, SUPPORTED, Verdict

id = "C21"
sentence = "Bias correction divides m by 0.1 at step 1, by 0.651 at step 10, and is negligible by step 100."
rule = (
    "What the library's updates divide m and the root of v by, at steps 1, 2, 10, 100 and 1000: supported "
    "if both are within 1 % of 1 at step 100 and m's are as claimed, imprecise if m alone, contradicted if "
    "m is not."
)
needs, figure = ("updates",), "bias_correction"
CLAIMED = {1: 0.1, 10: 0.651}
TOLERANCE, NEGLIGIBLE_AT = 0.01, 100


def measure(evidence):
    return evidence.outcomes("updates").get("correction")


def decide(found):
    m, v = (dict(zip(found["steps"], found[moment])) for moment in ("m", "v"))
    rows = numbers.listing(f"{m[t]:.4f} and {v[t]:.4f} at step {t}" for t in found["steps"])
    text = f"m and the root of v are divided by {rows} (β1 = {found['beta1']:g}, β2 = {found['beta2']:g})."
    stated = all(abs(m[t] - value) <= TOLERANCE * value for t, value in CLAIMED.items())
    negligible = [abs(1 - moment[NEGLIGIBLE_AT]) <= TOLERANCE for moment in (m, v)]
    statements = tuple(
        (label, SUPPORTED if holds else CONTRADICTED)
        for label, holds in (
            ("m's divisors", stated),
            ("m's negligible at 100", negligible[0]),
            ("v's negligible at 100", negligible[1]),
        )
    )
    if not (stated and negligible[0]):
        return Verdict(CONTRADICTED, text, statements)
    return Verdict(SUPPORTED if negligible[1] else IMPRECISE, text, statements)
