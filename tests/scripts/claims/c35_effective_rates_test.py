"""C35: effective rates of large gradients, on made-up slopes."""

from steplab_study.claims import c35_effective_rates as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN
from steplab_study.statistics.intervals import Interval


def found(low, high, change=0.001):
    slope = Interval((low + high) / 2, low, high, 4)
    return {"adam": {"slope": slope, "change": change}, "control": {"slope": slope}}


def word(*numbers):
    return claim.decide(found(*numbers)).word


NOTHING = {"adam": {"slope": None, "change": 0}, "control": {"slope": None}}


def test_a_falling_rate_and_unchanged_ways_support_it():
    assert word(-1.1, -0.9) == HOLDS


def test_a_flat_fall_or_changed_ways_are_imprecise():
    assert word(-0.6, -0.4) == ROUGHLY
    assert word(-0.3, -0.2) == NO
    assert word(-1.1, -0.9, 0.05) == IN_PART


def test_a_rising_rate_contradicts_it():
    assert word(0.1, 0.2) == OPPOSITE


def test_a_slope_about_zero_does_not_support_it():
    assert word(-0.1, 0.1) == NO


def test_a_rate_of_zero_measures_nothing():
    assert claim.decide(NOTHING).word == OPEN


class _Evidence:
    def outcomes(self, _):
        arm = {"slopes": [-1.0, -1.0], "rescaled": {"100": 0.001, "0.01": 0.002}}
        return {"scale": {"arms": {"adam": arm, "sgd_momentum": {**arm, "slopes": [0.0, 0.0]}}}}


def test_the_largest_change_of_all_factors_counts():
    measured = claim.measure(_Evidence())
    assert measured["adam"]["change"] == 0.002 and measured["control"]["slope"].value == 0


CASES = {
    HOLDS: found(-1.1, -0.9),
    ROUGHLY: found(-1.1, -0.9, 0.012),
    IN_PART: found(-1.1, -0.9, 0.05),
    NO: found(-0.1, 0.1),
    OPPOSITE: found(0.1, 0.2),
    OPEN: NOTHING,
}
