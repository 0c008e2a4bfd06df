"""C24: state reset at a switch of the data, on made-up excess losses."""

import pytest

from steplab_study.claims import c24_reset_state as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPEN
from steplab_study.statistics.intervals import Interval


def found(*ends):
    cells = [
        {
            "problem": "mlp/small",
            "switch": "labels",
            "optimizer": "adam",
            "steps": 50,
            "excess": None if end is None else Interval(sum(end) / 2, *end, 6),
        }
        for end in ends
    ]
    return {"cells": cells}


def word(*ends):
    verdict = claim.decide(found(*ends))
    assert "nothing to restore" in verdict.text
    return verdict.word


def test_an_excess_of_at_most_one_percent_supports_it():
    assert word((-0.05, 0.01), (-0.01, 0.0), None) == HOLDS


def test_some_cells_are_imprecise():
    assert word((-0.05, 0.0), (0.02, 0.04)) == IN_PART


def test_more_in_every_cell_contradicts_it():
    assert word((0.02, 0.04), (0.011, 0.5)) == NO


def test_an_interval_over_the_edge_does_not_support_it():
    assert word((-0.02, 0.03)) == OPEN
    assert word((-0.02, 0.014), (0.0, 0.01)) == ROUGHLY
    assert word((-0.02, 0.03), (0.15, 0.25)) == NO


def test_a_wide_interval_or_none_measures_nothing():
    assert word((-0.2, 0.3)) == OPEN
    assert word(None) == OPEN


class _Evidence:
    def outcomes(self, _):
        arms = {"keep": [[1.0, 2.0], [2.0, 2.0]], "reset": [[1.1, 2.2], [2.2, 2.2]]}
        about = {"workload": "mlp", "size": "small", "window": 10, "windows": 2, "switch": "labels"}
        return {"loss mlp/small": {}, "switch mlp/small labels": {**about, "optimizers": {"adam": arms}}}


def test_reset_is_compared_with_kept_over_all_windows():
    (cell,) = claim.measure(_Evidence())["cells"]
    assert cell["steps"] == 20 and cell["excess"].value == pytest.approx(0.1)


CASES = {
    HOLDS: found((-0.05, -0.01), (0.0, 0.01)),
    ROUGHLY: found((-0.05, -0.01), (0.0, 0.014)),
    IN_PART: found((-0.05, 0.0), (0.02, 0.04)),
    NO: found((0.02, 0.04), (0.02, 0.2)),
    OPEN: found((-0.2, 0.3), None),
}
