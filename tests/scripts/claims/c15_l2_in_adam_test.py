"""C15: decay shares that fall with the gradient, on made-up slopes."""

from steplab_study.claims import c15_l2_in_adam as claim, judge
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN
from steplab_study.statistics.intervals import Interval


def found(*ends):
    arms = {10.0**-i: Interval((low + high) / 2, low, high, 4) for i, (low, high) in enumerate(ends)}
    return {"steps": 100, "arms": arms}


def word(*ends):
    return claim.decide(found(*ends)).word


def test_slopes_at_or_below_minus_a_half_support_it():
    assert word((-0.8, -0.6), (-1.1, -0.5)) == HOLDS


def test_a_flatter_fall_is_imprecise():
    assert word((-0.8, -0.6), (-0.6, -0.1)) == IN_PART
    assert word((-0.8, -0.6), (-0.6, -0.4)) == ROUGHLY
    assert word((-0.3, -0.1)) == NO


def test_a_rise_contradicts_it():
    assert word((0.1, 0.3)) == OPPOSITE


def test_a_slope_about_zero_does_not_support_it():
    assert word((-0.1, 0.1)) == NO


class _Evidence:
    def __init__(self, *arms):
        self.arms = arms

    def outcomes(self, _):
        return {"decay_share": {"steps": 100, "arms": self.arms}} if self.arms else {}


def _arm(rule, *slopes):
    return {"rule": rule, "weight_decay": 0.01, "slopes": slopes}


def test_only_adams_arms_are_measured_by_a_99_percent_interval():
    measured = claim.measure(_Evidence(_arm("adam", -0.7, -0.8), _arm("adamw", 0.0, 0.0)))
    interval = measured["arms"][0.01]
    assert interval.value == -0.75 and interval.high - interval.value > 3  # t of one degree at 99 %: 63.7


def test_without_results_it_is_not_measured():
    assert judge(claim, _Evidence()).word == OPEN
    assert judge(claim, _Evidence(_arm("adam", -0.7, None))).word == OPEN


CASES = {
    HOLDS: found((-0.8, -0.6), (-1.1, -0.5)),
    ROUGHLY: found((-0.8, -0.6), (-0.45, -0.4)),
    IN_PART: found((-0.8, -0.6), (-0.2, -0.1)),
    NO: found((-0.2, -0.1), (-0.1, 0.1)),
    OPPOSITE: found((0.1, 0.3)),
    OPEN: found((-0.9, 0.1)),
}
