"""C10: 1.67 times as fast, on made-up products."""

import math
from types import SimpleNamespace

import pytest

from steplab_study.claims import c10_training_speed as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN
from steplab_study.statistics.intervals import Interval, product_ratio


def found(constant, cosine=None, seeds=20):
    def networks(values):
        return {
            f"mlp/{i}": {
                "speedup": None if v is None else Interval(v, v * 0.99, v * 1.01, seeds), "seeds": seeds
            }
            for i, v in enumerate(values)
        }

    return {"constant": networks(constant), **({"cosine": networks(cosine)} if cosine else {})}


@pytest.mark.parametrize(
    "constant, cosine, expected",
    [
        ((1.6, 1.7, 1.2), (1.6, 1.7, 1.8), HOLDS),
        ((1.6, 1.7, 1.8), (1.1, 1.0, 1.2), IN_PART),
        ((1.6, 1.7, 1.8), None, IN_PART),
        ((1.1, 1.6, 1.2), (1.1, 1.6, 1.2), NO),
        ((1.6, 1.1, 1.6, 1.2), (1.1, 1.6, 1.2), IN_PART),
        ((1.1, 0.8, 1.2), (1.0, 1.1, 2.5), NO),
        ((1.45, 1.45, 1.45), (1.45, 1.6, 1.1), ROUGHLY),
        ((None, None), (None,), OPEN),
    ],
)
def test_each_verdict(constant, cosine, expected):
    verdict = claim.decide(found(constant, cosine))
    assert verdict.word == expected
    assert dict(verdict.statements) == {"arithmetic": HOLDS, "measured product": expected}


def test_a_network_with_fewer_than_20_seeds_is_open():
    verdict = claim.decide(found((1.6, 1.7), (1.6, 1.7), seeds=8))
    assert verdict.word == OPEN and verdict.why == "fewer than 20 seeds"


class Ranking(SimpleNamespace):
    arms = {"adam": SimpleNamespace(finals=lambda: [1.0] * 20)}

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
    found = claim.measure(SimpleNamespace(rankings=rankings))["constant"]
    assert set(found) == {"mlp/small", "cnn/small", "cnn/large"}
    assert found["cnn/small"] == {"speedup": None, "seeds": 20}
    assert found["mlp/small"]["speedup"].ends == pytest.approx({"value": 2, "low": 1.25, "high": 2.5})
    never = found["cnn/large"]["speedup"]  # SGD-M does not arrive
    assert never == Interval(math.inf, 2.0, math.inf, 6)
    assert claim.measure(SimpleNamespace(rankings=[])) is None


def test_an_exact_product_holds_although_the_timings_tell_less():
    ratio = product_ratio([500] * 20, [1.2] * 9, [1000] * 20, [1.0] * 9, claim.LEVEL, floor=0.1)
    common = {"clipped": False, "workload": "mlp", "name": "mlp/small", "ratio": ratio}
    rankings = [Ranking(schedule=schedule, **common) for schedule in claim.PROTOCOLS]
    assert claim.decide(claim.measure(SimpleNamespace(rankings=rankings))).word == HOLDS


CASES = {
    HOLDS: found((1.6, 1.7), (1.6, 1.7)),
    ROUGHLY: found((1.45, 1.45), (1.6, 1.7)),
    IN_PART: found((1.6, 1.7), (1.1, 1.1)),
    NO: found((1.1, 1.2), (1.1, 2.5)),
    OPPOSITE: found((0.8, 0.7), (0.8, 0.7)),
    OPEN: found((1.6, 1.7), (1.6, 1.7), seeds=8),
}
