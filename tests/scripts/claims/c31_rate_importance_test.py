"""C31: the learning rate explains the most, on made-up searches."""

import math
import random

import pytest

from steplab_study.claims import c31_rate_importance as claim
from steplab_study.claims.verdict import HOLDS, IN_PART, NO, OPEN
from steplab_study.statistics.importance import first_order_shares


def found(lr_first, of):
    searches = {f"s{i}": {"lr": 0.7 if i < lr_first else 0.1, "one_minus_beta1": 0.3} for i in range(of)}
    return {"searches": searches}


def word(*counts):
    return claim.decide(found(*counts)).word


@pytest.mark.parametrize(
    "lr_first, of, expected",
    [
        (6, 6, HOLDS),
        (4, 6, HOLDS),
        (6, 10, IN_PART),
        (5, 10, IN_PART),
        (2, 6, NO),
        (2, 2, OPEN),
    ],
)
def test_each_verdict_can_come_out(lr_first, of, expected):
    assert word(lr_first, of) == expected


def test_sgd_momentums_effective_rate_counts_as_the_rate():
    searches = {f"s{i}": {"effective_lr": 0.9, "one_minus_momentum": 0.1} for i in range(3)}
    assert claim.decide({"searches": searches}).word == HOLDS


def test_shares_find_the_axis_that_matters():
    generator = random.Random(1)
    points = [
        {"lr": 10 ** generator.uniform(-4, 0), "decay": 10 ** generator.uniform(-4, 0)} for _ in range(40)
    ]
    losses = [math.log10(p["lr"] / 0.01) ** 2 + 0.1 * generator.random() for p in points]
    shares = first_order_shares(points, losses)
    assert shares["lr"] > 0.95 and shares["decay"] < 0.2
    assert first_order_shares(points, [1.0] * 40) == {"lr": 0.0, "decay": 0.0}


CASES = {HOLDS: found(6, 6), IN_PART: found(3, 6), NO: found(1, 6), OPEN: found(2, 2)}
