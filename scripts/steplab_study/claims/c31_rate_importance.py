"""The learning rate is the most important hyperparameter."""

import math

from ..statistics.importance import first_order_shares
from ..wording.numbers import listing, number
from .verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED, Verdict

id = "C31"
sentence = "The learning rate is the most important hyperparameter."
rule = (
    "First-order share of the variance of log final loss over the points of Adam's, AdamW's and SGD-M's"
    " searches: supported if the learning rate's is the largest on at least 2/3 of the searches; imprecise"
    " on more than half; contradicted if on at most 1/3. Needs at least three searches of 8 finite points."
)
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
    if len(searches) < FEWEST_SEARCHES:
        return Verdict(
            NOT_MEASURED, f"{len(searches)} searches with enough points; {FEWEST_SEARCHES} are needed."
        )
    first = [name for name, shares in searches.items() if max(shares, key=shares.get).endswith("lr")]
    share = len(first) / len(searches)
    rates = sorted(v for shares in searches.values() for axis, v in shares.items() if axis.endswith("lr"))
    others = sorted(
        v for shares in searches.values() for axis, v in shares.items() if not axis.endswith("lr")
    )
    names = sorted({axis for shares in searches.values() for axis in shares if not axis.endswith("lr")})
    text = (
        f"The learning rate explains the most in {len(first)} of {len(searches)} searches: a median share of"
        f" {number(_median(rates), 2)} of the variance of log loss against {number(_median(others), 2)} of"
        f" {listing(names)}."
    )
    if share >= 2 / 3:
        return Verdict(SUPPORTED, text)
    if share > 0.5:
        return Verdict(IMPRECISE, text)
    return Verdict(CONTRADICTED if share <= 1 / 3 else NOT_SUPPORTED, text)


def _median(values):
    return values[len(values) // 2]
