"""C14: test accuracy of AdamW over Adam, on made-up gains in percentage points."""

import pytest

from steplab_study.claims import c14_decay_accuracy as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN
from steplab_study.statistics.intervals import Interval

IN, NEAR, NONE, SMALL, WORSE = (2.2, 4.0), (1.5, 3.0), (-0.3, 0.2), (0.1, 0.5), (-3.0, -1.0)


def case(default, l2, edges=(), decay=0.6):
    gains = {name: Interval(sum(end) / 2, *end, 6) for name, end in (("default", default), ("l2", l2))}
    gains["tuned"] = gains["default"]
    sums = {"adam": 0.0, "adam_l2": 0.01, "adamw_default": 0.01, "adamw": decay}
    return {"problem": "mlp/medium", **gains, "edges": list(edges), "decay_sums": sums}


def three(*given, **more):
    return {"cases": [case(*given, **more) for _ in range(3)]}


def word(*given, **more):
    return claim.decide(three(*given, **more)).word


def test_gains_of_2_to_5_points_over_both_arms_support_it():
    assert word(IN, IN) == HOLDS


def test_over_one_arm_alone_or_near_the_range_it_is_imprecise():
    assert word(IN, NONE) == IN_PART
    assert word(NEAR, NEAR) == ROUGHLY


def test_an_interval_with_zero_does_not_support_it():
    assert word(NONE, NONE) == NO


def test_a_small_gain_or_a_loss_contradicts_it():
    assert word(SMALL, SMALL) == NO
    assert word(WORSE, WORSE) == OPPOSITE


def test_some_workloads_are_in_part():
    cases = [case(IN, IN), case(IN, IN), case(NONE, NONE), case(NONE, NONE)]
    assert claim.decide({"cases": cases}).word == IN_PART


def test_two_workloads_are_too_few():
    verdict = claim.decide({"cases": [case(IN, IN), case(IN, IN)]})
    assert verdict.word == OPEN and verdict.why == "2 of 2 decided, 3 are needed"


def test_a_workload_where_decay_could_not_act_is_open():
    assert word(NONE, NONE, decay=0.49) == OPEN
    assert "decay could not act: Σ lr·λ is 0.49" in claim.decide(three(NONE, NONE, decay=0.49)).why


def test_an_edge_or_a_wide_interval_is_not_measured():
    assert word(IN, IN, ["adam"]) == OPEN
    assert word((-20, 20), (-20, 20)) == OPEN


class _Evidence:
    def outcomes(self, _):
        def arm(edge, *accuracy):
            choice = {"at_edge": edge, "decay_sum": 0.1}
            return {"test_accuracy": accuracy, "choice": choice}

        arms = {
            "adam": arm([], 0.80, 0.82),
            "adam_l2": arm(["lr"], 0.80, 0.81),
            "adamw_default": arm([], 0.83, 0.85),
            "adamw": arm(["weight_decay"], 0.84, 0.86),
        }
        return {"mlp/medium": {"arms": arms}}


def test_gains_are_paired_by_seed_in_points_and_edges_of_the_rate_named():
    (found,) = claim.measure(_Evidence())["cases"]
    assert found["default"].value == pytest.approx(3) and found["default"].high == pytest.approx(3)
    assert found["tuned"].value == pytest.approx(4)
    assert found["edges"] == ["adam_l2"]
    assert "Σ lr·λ" in claim.decide({"cases": [found]}).text


CASES = {
    HOLDS: three(IN, IN),
    ROUGHLY: three(NEAR, NEAR),
    IN_PART: three(IN, NONE),
    NO: three(NONE, NONE),
    OPPOSITE: three(WORSE, WORSE),
    OPEN: three(NONE, NONE, decay=0.1),
}
