"""The learning rate is the most important hyperparameter."""

import math

from ..statistics.importance import first_order_shares
from ..wording.numbers import listing, number
from .combined import combined
from .verdict import HOLDS, IN_PART, NO, OPEN, Cell, said, verdict_of

id = "C31"
sentence = "The learning rate is the most important hyperparameter, within the usual ranges of each."
rule = (
    "First-order share of the variance of log final loss over the points of Adam's, AdamW's and SGD-M's "
    "searches, within the ranges that were searched. Holds if the learning rate's is the largest on two "
    "thirds of the searches, no if another's is on two thirds, else in part; open with fewer than three "
    "searches of 8 finite points."
)
words = (HOLDS, IN_PART, NO, OPEN)
needs = ("ranking",)
figure = None

FEWEST_POINTS, FEWEST_SEARCHES = 8, 3


def measure(evidence):
    """{"searches": {name: {axis: share}}}"""
    found = {}
    for ranking in evidence.rankings:
        for optimizer in ("sgd_momentum", "adam", "adamw"):
            points = [p for p in ranking.arms[optimizer].data["search"] if math.isfinite(p["loss"])]
            points = [p for p in points if p["loss"] > 0]
            if len(points) >= FEWEST_POINTS:
                found[f"{ranking.title}, {ranking.arms[optimizer].label}"] = first_order_shares(
                    [p["point"] for p in points], [math.log(p["loss"]) for p in points]
                )
    return {"searches": found} if found else None


def decide(found):
    searches = found["searches"]
    cells = [Cell(name, HOLDS if _rate_first(shares) else NO) for name, shares in searches.items()]
    first = sum(cell.word == HOLDS for cell in cells)
    rates = sorted(v for shares in searches.values() for axis, v in shares.items() if axis.endswith("lr"))
    others = sorted(
        v for shares in searches.values() for axis, v in shares.items() if not axis.endswith("lr")
    )
    names = sorted({axis for shares in searches.values() for axis in shares if not axis.endswith("lr")})
    text = (
        f"Within these ranges the learning rate explains the most in {first} of {len(searches)} searches: a"
        f" median share of {number(_median(rates), 2)} of the variance of log loss against"
        f" {number(_median(others), 2)} of"
        f" {listing(names)}."
    )
    return verdict_of(combined(id, cells, fewest=FEWEST_SEARCHES), text)


def headline(found):
    first = sum(map(_rate_first, found["searches"].values()))
    return said(
        decide(found),
        f"Within the searched ranges the learning rate explains most of the loss in {first} of"
        f" {len(found['searches'])} searches.",
    )


def _rate_first(shares):
    return max(shares, key=shares.get).endswith("lr")


def _median(values):
    return values[len(values) // 2]
