"""Size of the bias corrections over the steps."""

from ..wording import numbers
from .verdict import HOLDS, IN_PART, NO, Verdict

id = "C21"
sentence = "Bias correction divides m by 0.1 at step 1, by 0.651 at step 10, and is negligible by step 100."
rule = (
    "What the library's updates divide m and the root of v by, at steps 1, 2, 10, 100 and 1000. Holds if "
    "both are within 1 % of 1 at step 100 and m's are as claimed, in part if only m's are, no if m's are "
    "not."
)
words = (HOLDS, IN_PART, NO)
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
        (label, HOLDS if holds else NO)
        for label, holds in (
            ("m's divisors", stated),
            ("m's negligible at 100", negligible[0]),
            ("v's negligible at 100", negligible[1]),
        )
    )
    if not (stated and negligible[0]):
        return Verdict(NO, text, statements)
    if negligible[1]:
        return Verdict(HOLDS, text, statements)
    return Verdict(IN_PART, text, statements, f"for m; not for v at step {NEGLIGIBLE_AT}")


def headline(found):
    m, v = (dict(zip(found["steps"], found[moment]))[NEGLIGIBLE_AT] for moment in ("m", "v"))
    return (
        f"At step {NEGLIGIBLE_AT}, bias correction divides m by {numbers.number(m, 2)} and the root of v by"
        f" {numbers.number(v, 2)}."
    )
