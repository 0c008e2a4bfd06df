"""C28: oscillation of plain SGD."""

from ..wording.numbers import number
from .verdict import CONTRADICTED, IMPRECISE, NOT_SUPPORTED, SUPPORTED, Verdict

id = "C28"
sentence = "Plain SGD oscillates across narrow valleys."
rule = (
    "Share of steps on which the gradient along the steepest direction changes sign, κ ≥ 100: above 30 % "
    "at both lr·h_max 1.5 and 1.9; imprecise if above 20 % or at one of them."
)
needs = ("valley",)
figure = "valley_trajectories"
SHARE, RATES = 0.3, (1.5, 1.9)


def measure(evidence):
    cases = evidence.outcomes("valley").get("oscillation")
    return {"cases": cases} if cases else None


def decide(found):
    aligned = [c for c in found["cases"] if not c["rotated"]]
    least = {rate: min(c["steepest"] for c in aligned if c["rate"] == rate) for rate in RATES}
    return Verdict(_word(list(least.values())), _text(found["cases"], least))


def _word(shares):
    if all(share > SHARE for share in shares):
        return SUPPORTED
    if any(share > SHARE for share in shares) or all(share > SHARE / 1.5 for share in shares):
        return IMPRECISE
    return CONTRADICTED if all(share <= SHARE / 1.5 for share in shares) else NOT_SUPPORTED


def _text(cases, least):
    first = " and ".join(f"{100 * share:.0f} % at {number(rate, 2)}" for rate, share in least.items())
    slower = max(c["steepest"] for c in cases if not c["rotated"] and c["rate"] not in RATES)
    overall = {rotated: _range(cases, rotated) for rotated in (0, 1)}
    return (
        "Along the steepest direction the gradient changes sign on this share of the steps, by lr·h_max: "
        f"{first}; at rates up to 1 on {100 * slower:.0f} % at most. Of all coordinates {overall[0]} change "
        f"sign a step at 1.5 and 1.9 in the axis-aligned valley and {overall[1]} in the rotated one: it is "
        "the steep directions that oscillate."
    )


def _range(cases, rotated):
    shares = [c["overall"] for c in cases if c["rotated"] == rotated and c["rate"] in RATES]
    return f"{100 * min(shares):.0f}–{100 * max(shares):.0f} %"
