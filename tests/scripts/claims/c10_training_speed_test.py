"""C10: 1.67 times as fast, on made-up products."""

import math
from types import SimpleNamespace

import pytest

from steplab_study.claims import c10_training_speed as claim
from steplab_study.claims.verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED
from steplab_study.statistics.intervals import Interval


def found(constant, cosine=None):
    def networks(values):
        return {
            f"mlp/{i}": None if v is None else Interval(v, v * 0.99, v * 1.01, 6)
            for i, v in enumerate(values)
        }

    both = {"constant": networks(constant), **({"cosine": networks(cosine)} if cosine else {})}
    return {"speedups": both}


@pytest.mark.parametrize(
    "constant, cosine, expected",
    [
        ((1.6, 1.7, 1.2), (1.6, 1.7, 1.8), SUPPORTED),
        ((1.6, 1.7, 1.8), (1.1, 1.0, 1.2), IMPRECISE),
        ((1.6, 1.7, 1.8), None, IMPRECISE),
        ((1.1, 1.6, 1.2), (1.1, 1.6, 1.2), IMPRECISE),
        ((1.1, 0.8, 1.2), (1.0, 1.1, 2.5), CONTRADICTED),
        ((1.41, 1.41, 1.41), (1.41, 1.1, 1.1), NOT_SUPPORTED),
        ((None, None), (None,), NOT_MEASURED),
    ],
)
def test_each_verdict(constant, cosine, expected):
    verdict = claim.decide(found(constant, cosine))
    assert verdict.word == expected
    assert dict(verdict.statements) == {"arithmetic": SUPPORTED, "measured product": expected}


class Ranking(SimpleNamespace):
    def has(self, *optimizers):
        return True

    def seconds_ratio(self, top, bottom, level):
        return self.ratio


def test_a_ratio_of_seconds_is_turned_into_times_as_fast():
    common = {"clipped": False, "schedule": "constant", "goals": {"target": 1.0}}
    known = Interval(0.5, 0.4, 0.8, 6)
    rankings = [
        Ranking(name="mlp/small", workload="mlp", ratio=known, **common),
        Ranking(name="cnn/small", workload="cnn", ratio=None, **common),
        Ranking(name="cnn/large", workload="cnn", ratio=Interval(0.0, 0.0, 0.5, 6), **common),
        Ranking(name="quadratic/small", workload="quadratic", ratio=known, **common),
    ]
    found = claim.measure(SimpleNamespace(rankings=rankings))["speedups"]["constant"]
    assert set(found) == {"mlp/small", "cnn/small", "cnn/large"} and found["cnn/small"] is None
    assert found["mlp/small"].ends == pytest.approx({"value": 2, "low": 1.25, "high": 2.5})
    assert found["cnn/large"] == Interval(math.inf, 2.0, math.inf, 6)  # SGD-M never arrives
    assert claim.measure(SimpleNamespace(rankings=[])) is None
