"""C14: test accuracy of AdamW over Adam, on made-up gains in percentage points."""

import pytest

from steplab_study.claims import c14_decay_accuracy as claim
from steplab_study.claims.verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED
from steplab_study.statistics.intervals import Interval

IN, NEAR, NONE, SMALL, WORSE = (2.2, 4.0), (1.5, 3.0), (-0.3, 0.2), (0.1, 0.5), (-3.0, -1.0)


def case(default, l2, edges=()):
    gains = {name: Interval(sum(end) / 2, *end, 6) for name, end in (("default", default), ("l2", l2))}
    gains["tuned"] = gains["default"]
    sums = {"adamw_default": 0.01, "adamw": 0.1}
    return {"problem": "mlp/medium", **gains, "edges": list(edges), "decay_sums": sums}


def word(*cases):
    return claim.decide({"cases": list(cases)}).word


def test_gains_of_2_to_5_points_over_both_arms_support_it():
    assert word(case(IN, IN)) == SUPPORTED


def test_over_one_arm_alone_or_near_the_range_it_is_imprecise():
    assert word(case(IN, NONE)) == IMPRECISE
    assert word(case(NEAR, NEAR)) == IMPRECISE


def test_an_interval_with_zero_does_not_support_it():
    assert word(case(NONE, NONE), case(NONE, NONE)) == NOT_SUPPORTED


def test_a_small_gain_or_a_loss_contradicts_it():
    assert word(case(SMALL, SMALL)) == CONTRADICTED
    assert word(case(WORSE, WORSE)) == CONTRADICTED


def test_one_workload_of_two_is_imprecise():
    assert word(case(IN, IN), case(NONE, NONE)) == IMPRECISE


def test_an_edge_or_a_wide_interval_is_not_measured():
    assert word(case(IN, IN, ["adam"])) == NOT_MEASURED
    assert word(case((-20, 20), (-20, 20))) == NOT_MEASURED


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
