"""C07: momentum in narrow valleys, on made-up steps."""

import math

import pytest

from steplab_study.claims import c07_narrow_valleys as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN
from steplab_study.statistics.intervals import Interval

KAPPAS = [10, 100, 1000, 3000, 10_000]
SIGNS = {arm: {"steepest": 0.5, "overall": 0.1} for arm in ("gd", "same rate, momentum 0.9", "momentum")}


def frame(low, high, faster):
    half = Interval(0.5, 0.5, 0.5, 5)
    return {
        "exponents": {"gd": half, "momentum": half, "momentum_0.9": None},
        "apart": Interval((low + high) / 2, low, high, 5),
        "faster": faster,
        "fixed": {1000: 5.0},
        "signs": SIGNS,
    }


@pytest.mark.parametrize(
    "aligned, rotated, expected",
    [
        ((0.4, 0.5, 10), (0.4, 0.5, 10), HOLDS),
        ((0.4, 0.5, 10), (0.1, 0.15, 10), IN_PART),
        ((0.1, 0.2, 10), (0.1, 0.2, 10), IN_PART),
        ((0.22, 0.28, 2.5), (0.4, 0.5, 10), ROUGHLY),
        ((0.4, 0.5, 2), (0.4, 0.5, 2), IN_PART),
        ((-0.1, 0.15, 2), (-0.1, 0.15, 2), NO),
        ((-0.2, -0.1, 2), (-0.2, -0.1, 2), NO),
        ((-0.2, -0.1, 0.5), (-0.2, -0.1, 0.5), OPPOSITE),
        ((0.4, 0.5, 0.9), (0.4, 0.5, 0.9), IN_PART),
    ],
)
def test_each_verdict_can_come_out(aligned, rotated, expected):
    found = {"frames": {"aligned": frame(*aligned), "rotated": frame(*rotated)}}
    assert claim.decide(found).word == expected


def outcome(gd, momentum):
    steps = {"gd": [k**gd for k in KAPPAS], "momentum": [k**momentum for k in KAPPAS]}
    return {"kappas": KAPPAS, "arms": {**steps, "momentum_0.9": [9.0] * 5}, "signs": SIGNS}


class Evidence:
    def __init__(self, outcomes):
        self.outcomes = lambda name: outcomes


def test_exponents_and_the_ratio_at_1000_are_read_off_the_steps():
    outcomes = {"steps aligned": outcome(1, 0.5), "steps rotated": outcome(1, 0.5)}
    found = claim.measure(Evidence(outcomes))
    assert found["frames"]["aligned"]["apart"].value == pytest.approx(0.5)
    assert found["frames"]["rotated"]["faster"] == pytest.approx(1000**0.5)
    assert claim.decide(found).word == HOLDS


def test_an_arm_that_never_arrives_is_not_measured():
    broken = outcome(1, 0.5)
    broken["arms"]["momentum"][4] = math.inf
    assert claim.decide(claim.measure(Evidence({"steps aligned": broken}))).word == OPEN
    assert claim.measure(Evidence({})) is None


def both(*values):
    return {"frames": {"aligned": frame(*values), "rotated": frame(*values)}}


CASES = {
    HOLDS: both(0.4, 0.5, 10.0),
    ROUGHLY: both(0.25, 0.28, 2.5),
    IN_PART: both(0.4, 0.5, 1.5),
    NO: both(0.05, 0.1, 1.5),
    OPPOSITE: both(-0.2, -0.1, 0.5),
    OPEN: both(-0.2, 0.5, 1.5),
}
