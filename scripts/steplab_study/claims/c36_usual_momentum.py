"""Momentum is typically 0.9."""

import math

from ..protocol import ranking as protocol
from ..wording.numbers import listing, number
from .combined import combined
from .verdict import HOLDS, IN_PART, NO, OPEN, Cell, said, verdict_of

id = "C36"
sentence = "Momentum is typically set to 0.9."
rule = (
    "Tuned 1 − momentum of SGD-M per problem: fits where 0.1 lies within the near-best band, from the lowest "
    "to the highest of the search points within 5 % of the best loss (widened to a factor 2 about the "
    "choice). Holds if it fits on two thirds of the problems, no if it misses on two thirds, else in part; "
    "open with fewer than three problems."
)
words = (HOLDS, IN_PART, NO, OPEN)
needs = ("ranking",)
figure = None
CLAIMED, EXCESS, FACTOR, FEWEST = 0.1, 0.05, 2.0, 3


def measure(evidence):
    """{"problems": {title: {"chosen": 1 − momentum, "low", "high"}}}"""
    found = {}
    for ranking in evidence.rankings:
        arm = ranking.arms[protocol.REFERENCE]
        losses = [p["loss"] for p in arm.data["search"]]
        best = min(losses)
        if not math.isfinite(best) or ranking.clipped or ranking.workload in ("quadratic", "rosenbrock"):
            continue
        near = [
            p["point"]["one_minus_momentum"]
            for p in arm.data["search"]
            if p["loss"] <= best + EXCESS * abs(best)
        ]
        chosen = arm.choice["point"]["one_minus_momentum"]
        found[ranking.title] = {
            "chosen": chosen,
            "low": min([*near, chosen / FACTOR]),
            "high": max([*near, chosen * FACTOR]),
        }
    return {"problems": found} if found else None


def decide(found):
    problems = found["problems"]
    fits = [name for name, p in problems.items() if _fits(p)]
    chosen = sorted(1 - p["chosen"] for p in problems.values())
    misses = [name for name in problems if name not in fits]
    text = (
        f"0.9 lies in the near-best band of {len(fits)} of {len(problems)} problems; tuned momentum is"
        f" {number(chosen[len(chosen) // 2], 2)} in the middle, from {number(chosen[0], 2)} to"
        f" {number(chosen[-1], 2)}."
    )
    if misses and len(misses) <= 4:
        text += f" Not on {listing(misses)}."
    cells = [Cell(name, HOLDS if _fits(p) else NO) for name, p in problems.items()]
    return verdict_of(combined(id, cells, fewest=FEWEST), text)


def headline(found):
    problems = found["problems"].values()
    fits = sum(map(_fits, problems))
    return said(
        decide(found),
        f"A momentum of {1 - CLAIMED:g} is near the tuned one on {fits} of {len(problems)} problems.",
    )


def _fits(problem):
    return problem["low"] <= CLAIMED <= problem["high"]
