"""C30: gradient noise and the learning rate, on made-up exponents."""

import pytest

from steplab_study.claims import c30_noise_and_rate as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN
from steplab_study.statistics.intervals import Interval

FALLS, HARDLY, FLAT, RISES, WIDE = (-0.8, -0.6), (-0.2, -0.07), (-0.05, 0.05), (0.1, 0.3), (-0.3, 0.1)


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
        (FALLS, FALLS, HOLDS),
        (FALLS, RISES, IN_PART),
        (HARDLY, HARDLY, ROUGHLY),
        (FLAT, RISES, NO),
        (RISES, RISES, OPPOSITE),
        (WIDE, RISES, OPEN),
        (None, None, OPEN),
        (FALLS, None, IN_PART),
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


CASES = {
    HOLDS: found(FALLS, FALLS),
    ROUGHLY: found(HARDLY, FALLS),
    IN_PART: found(FALLS, RISES),
    NO: found(FLAT, RISES),
    OPPOSITE: found(RISES, RISES),
    OPEN: found(WIDE, None),
}
