"""C28: oscillation of plain SGD."""

from ..statistics.intervals import Interval
from ..wording.numbers import number, span
from .combined import combined
from .verdict import HOLDS, IN_PART, NO, ROUGHLY, Cell, at_least, verdict_of

id = "C28"
sentence = "Plain SGD oscillates across narrow valleys."
rule = (
    "Share of steps on which the gradient along the steepest direction changes sign, κ ≥ 100, the least over "
    "κ. Holds if it is at least 30 % at both lr·h_max 1.5 and 1.9, roughly if at least 20 %, in part if at "
    "one of them, no if at neither."
)
words = (HOLDS, ROUGHLY, IN_PART, NO)
needs = ("valley",)
figure = "valley_trajectories"
SHARE, RATES = 0.3, (1.5, 1.9)


def measure(evidence):
    cases = evidence.outcomes("valley").get("oscillation")
    return {"cases": cases} if cases else None


def decide(found):
    least = _least(found["cases"])
    cells = [_cell(rate, share) for rate, share in least.items()]
    return verdict_of(combined(id, cells, every=True), _text(found["cases"], least))


def headline(found):
    shares = span([100 * share for share in _least(found["cases"]).values()], 2)
    return f"Across the valley, SGD's gradient changes sign on {shares} % of the steps at large stable rates."


def _least(cases):
    aligned = [c for c in cases if not c["rotated"]]
    return {rate: min(c["steepest"] for c in aligned if c["rate"] == rate) for rate in RATES}


def _cell(rate, share):
    return Cell(f"lr·h_max {rate:g}", at_least(Interval(share, share, share, 1), SHARE))


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
