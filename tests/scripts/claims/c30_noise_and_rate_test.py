"""C30: gradient noise and the learning rate, on made-up exponents."""

import pytest

from steplab_study.claims import c30_noise_and_rate as claim
from steplab_study.claims.verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED
from steplab_study.statistics.intervals import Interval

FALLS, HARDLY, FLAT, RISES = (-0.8, -0.6), (-0.2, -0.05), (-0.05, 0.05), (0.1, 0.3)


def found(sgd, adam):
    arms = {"sgd": sgd, "adam": adam}
    return {
        "arms": {arm: ends and Interval(sum(ends) / 2, *ends, 5) for arm, ends in arms.items()},
        "noise": [0.1, 10.0],
        "steps": 400,
        "batch": 8,
    }


@pytest.mark.parametrize(
    "sgd, adam, expected",
    [
        (FALLS, FALLS, SUPPORTED),
        (FALLS, RISES, IMPRECISE),
        (HARDLY, HARDLY, IMPRECISE),
        (FLAT, RISES, NOT_SUPPORTED),
        (RISES, RISES, CONTRADICTED),
        (None, None, NOT_MEASURED),
        (FALLS, None, IMPRECISE),
    ],
)
def test_each_verdict_can_come_out(sgd, adam, expected):
    assert claim.decide(found(sgd, adam)).word == expected


def test_exponents_are_fitted_per_seed_and_an_edge_gives_none():
    def outcome(arm, best):
        return {"arm": arm, "noise": [0.1, 1.0, 10.0], "steps": 400, "batch": 8, "best": best}

    class Evidence:
        @staticmethod
        def outcomes(name):
            falling = [[1.0, 2.0], [0.1, 0.2], [0.01, 0.02]]
            return {"sgd": outcome("sgd", falling), "adam": outcome("adam", [[1.0, None]] * 3)}

    arms = claim.measure(Evidence)["arms"]
    assert arms["sgd"].value == pytest.approx(-1) and arms["adam"] is None
