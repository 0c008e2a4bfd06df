"""C23: resuming without state, on made-up excess losses."""

import pytest

from steplab_study.claims import c23_resume_state as claim, judge
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN
from steplab_study.statistics.intervals import Interval


def cell(low, high, factor=1.0, optimizer="adam"):
    excess = None if low is None else Interval((low + high) / 2, low, high, 6)
    return {"problem": "mlp/small", "optimizer": optimizer, "factor": factor, "steps": 10, "excess": excess}


def word(*cells):
    return claim.decide({"cells": list(cells)}).word


def test_a_loss_above_one_percent_at_both_rates_supports_it():
    assert word(cell(0.02, 0.05), cell(0.011, 0.03, 0.1)) == HOLDS


def test_at_one_rate_alone_it_is_imprecise():
    assert word(cell(0.02, 0.05), cell(-0.02, 0.0, 0.1)) == IN_PART


def test_a_gain_everywhere_contradicts_it():
    assert word(cell(-0.05, -0.02), cell(-0.02, -0.01, 0.1)) == OPPOSITE


def test_no_visible_loss_does_not_support_it():
    assert word(cell(-0.02, 0.005), cell(-0.01, 0.0, 0.1)) == NO
    assert word(cell(-0.02, 0.03), cell(-0.01, 0.0, 0.1)) == OPEN


def test_wide_intervals_and_ended_trials_measure_nothing():
    assert word(cell(-0.2, 0.3)) == OPEN
    assert word(cell(None, None)) == OPEN


class _Evidence:
    """Three seeds, two windows of 10 steps; without state the first window loses 5 %."""

    def outcomes(self, _):
        arms = {"all": [[1.0, 1.0], [2.0, 1.0], [3.0, 1.0]], "none": [[1.05, 1.0], [2.1, 1.0], [3.15, 1.0]]}
        factors = {"1": arms, "0.1": {"all": arms["all"], "none": arms["all"]}}
        about = {"workload": "mlp", "size": "small", "window": 10, "windows": 2}
        optimizers = {"adam": {"factors": factors}, "sgd_momentum": {"factors": factors}}
        return {"loss mlp/small": {**about, "optimizers": optimizers}, "switch mlp/small labels": {}}


def test_the_first_window_is_paired_by_seed():
    cells = claim.measure(_Evidence())["cells"]
    assert [(c["optimizer"], c["factor"]) for c in cells] == [
        ("adam", 1.0), ("adam", 0.1), ("sgd_momentum", 1.0), ("sgd_momentum", 0.1)
    ]
    assert cells[0]["steps"] == 10 and cells[0]["excess"].low == pytest.approx(0.05)
    assert cells[1]["excess"].high == pytest.approx(0)
    assert judge(claim, _Evidence()).word == IN_PART


def found(same, tenth):
    return {"cells": [cell(*same), cell(*tenth, 0.1)]}


CASES = {
    HOLDS: found((0.02, 0.05), (0.011, 0.03)),
    ROUGHLY: found((0.02, 0.05), (0.008, 0.03)),
    IN_PART: found((0.02, 0.05), (-0.02, 0.0)),
    NO: found((-0.02, 0.005), (-0.01, 0.0)),
    OPPOSITE: found((-0.05, -0.02), (-0.02, -0.01)),
    OPEN: found((-0.2, 0.3), (None, None)),
}
SPREAD = {"cells": [cell(-0.02 * i, 0.3 / i, factor) for i in (1, 2) for factor in (1.0, 0.1)]}
