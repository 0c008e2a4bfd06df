"""C10: 1.67 times as fast, on made-up products."""

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

    def decided(self, goal, *optimizers):
        return self.reached

    def seconds_ratio(self, top, bottom, level):
        return Interval(0.5, 0.4, 0.8, 6)


def test_a_ratio_of_seconds_is_turned_into_times_as_fast():
    common = {"clipped": False, "schedule": "constant", "goals": {"target": 1.0}}
    rankings = [
        Ranking(name="mlp/small", workload="mlp", reached=True, **common),
        Ranking(name="cnn/small", workload="cnn", reached=False, **common),
        Ranking(name="quadratic/small", workload="quadratic", reached=True, **common),
    ]
    numbers = claim.measure(SimpleNamespace(rankings=rankings))
    assert numbers == {"speedups": {"constant": {"mlp/small": Interval(2, 1.25, 2.5, 6), "cnn/small": None}}}
    assert claim.measure(SimpleNamespace(rankings=[])) is None
