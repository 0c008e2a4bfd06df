"""C39: resuming with m and v alone, on made-up excess losses."""

import pytest

from steplab_study.claims import c39_moments_enough as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPEN
from steplab_study.statistics.intervals import Interval


def found(*ends):
    cells = [
        {
            "problem": "mlp/small",
            "optimizer": "adam",
            "factor": 1.0,
            "steps": 50,
            "excess": None if end is None else Interval(sum(end) / 2, *end, 6),
        }
        for end in ends
    ]
    return {"cells": cells}


def word(*ends):
    return claim.decide(found(*ends)).word


def test_an_excess_of_at_most_one_percent_supports_it():
    assert word((-0.05, -0.01), (0.0, 0.01)) == HOLDS


def test_some_cells_are_imprecise():
    assert word((-0.05, -0.01), (0.016, 0.02)) == IN_PART


def test_more_in_every_cell_contradicts_it():
    assert word((0.02, 0.05), (0.02, 0.2)) == NO


def test_intervals_over_the_edge_do_not_support_it():
    assert word((-0.02, 0.05)) == OPEN


def test_wide_intervals_and_ended_trials_measure_nothing():
    assert word((-0.2, 0.3)) == OPEN
    assert word(None) == OPEN


class _Evidence:
    """Without step count the second of two windows loses 4 %; one seed at a tenth of the rate ended early."""

    def outcomes(self, _):
        whole, counted = [[1.0, 1.0], [2.0, 2.0]], [[1.0, 1.04], [2.0, 2.08]]
        ended = [[1.0], [2.0, 2.0]]
        factors = {"1": {"all": whole, "no_count": counted}, "0.1": {"all": whole, "no_count": ended}}
        about = {"workload": "mlp", "size": "small", "window": 10, "windows": 2}
        return {"loss mlp/small": {**about, "optimizers": {"adam": {"factors": factors}}}}


def test_all_windows_count_and_an_ended_trial_gives_none():
    same, tenth = claim.measure(_Evidence())["cells"]
    assert same["steps"] == 20 and same["excess"].value == pytest.approx(0.02)
    assert tenth["excess"] is None


CASES = {
    HOLDS: found((-0.05, -0.01), (0.0, 0.01)),
    ROUGHLY: found((-0.05, -0.01), (0.0, 0.014)),
    IN_PART: found((-0.05, 0.0), (0.02, 0.04)),
    NO: found((0.02, 0.04), (0.02, 0.2)),
    OPEN: found((-0.2, 0.3), None),
}
