"""C22: Adam without bias corrections, on made-up updates and losses."""

import math

from steplab_study.claims import c22_bias_correction as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN
from steplab_study.statistics.intervals import Interval


def cell(norm, loss=1.2, beta2=0.999, arm="none"):
    def near(value):
        return Interval(value, value - 0.01, value + 0.01, 6)

    return {
        "problem": "mlp/small", "arm": arm, "beta2": beta2, "lr": 1e-3, "norm": near(norm), "loss": near(loss)
    }


def word(*cells):
    return claim.decide({"cells": list(cells)}).word


def test_tiny_steps_and_a_worse_loss_in_every_default_cell_support_it():
    assert word(cell(0.3), cell(0.4), cell(3.0, beta2=0.9)) == HOLDS


def test_larger_steps_in_every_default_cell_contradict_it():
    assert word(cell(3.0), cell(4.0), cell(0.3, beta2=0.9)) == OPPOSITE


def test_some_cells_are_imprecise():
    assert word(cell(0.3), cell(0.8)) == IN_PART
    assert word(cell(0.8), cell(0.3, beta2=0.9)) == IN_PART


def test_nearly_tiny_steps_with_a_worse_loss_are_rough():
    assert word(cell(0.6), cell(0.4)) == ROUGHLY


def test_tiny_steps_without_a_worse_loss_do_not_support_it():
    assert word(cell(0.3, loss=0.9)) == NO


def test_m_alone_decides_nothing_but_is_named():
    verdict = claim.decide({"cells": [cell(3.0), cell(0.3, arm="v")]})
    assert verdict.word == OPPOSITE
    assert "It holds with m alone uncorrected (β2 = 0.999)" in verdict.text


def test_diverged_trials_measure_nothing():
    bad = {**cell(1.0), "norm": Interval(1.0, 0.0, math.inf, 1)}
    assert word(bad) == OPEN
    assert word({**bad, "norm": None}) == OPEN


class _Evidence:
    """Two seeds; uncorrected updates are twice as long, the loss at 10 steps 1.5 times as large."""

    def outcomes(self, _):
        def arm(norm, loss):
            return {"update_norm": [[norm] * 20, [2 * norm] * 20], "loss": [[loss, 1, 1], [2 * loss, 1, 1]]}

        arms = {"both": arm(1.0, 1.0), "m": arm(1.0, 1.0), "v": arm(1.0, 1.0), "none": arm(2.0, 1.5)}
        return {"mlp/small": {"cells": [{"beta2": 0.999, "lr": 1e-3, "arms": arms}]}}


def test_ratios_are_paired_by_seed():
    found = next(c for c in claim.measure(_Evidence())["cells"] if c["arm"] == "none")
    assert math.isclose(found["norm"].low, 2) and math.isclose(found["norm"].high, 2)
    assert math.isclose(found["loss"].value, 1.5)


CASES = {
    HOLDS: {"cells": [cell(0.3), cell(0.4)]},
    ROUGHLY: {"cells": [cell(0.6), cell(0.6)]},
    IN_PART: {"cells": [cell(0.8), cell(0.3, beta2=0.9)]},
    NO: {"cells": [cell(0.8), cell(0.3, loss=0.9)]},
    OPPOSITE: {"cells": [cell(3.0), cell(4.0)]},
    OPEN: {"cells": [cell(0.3, loss=1.0)]},
}
