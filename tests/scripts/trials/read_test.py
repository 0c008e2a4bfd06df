"""What is read off a stored trial: where it ends, and when it reaches a target."""

import math

import pytest

from steplab_study.trials import read


@pytest.mark.parametrize(
    "losses, expected",
    [
        ([2.0, 1.0, 0.5, 0.4], 20),  # at 20 and 30
        ([2.0, 0.5, 1.0, 0.5], math.inf),  # never twice in a row
        ([2.0, 0.5, 1.0, 0.5, 0.5], 30),
        ([2.0, 1.0, 1.0, 0.5], math.inf),  # the last one alone is not confirmed
        ([0.1, 0.1, 0.1], 10),  # step 0 does not count
        ([2.0, None, None, None], math.inf),  # not finite: above every target
        ([2.0, 0.5, None, 0.5, 0.5], 30),
    ],
)
def test_steps_to_target_is_the_first_of_two_in_a_row(losses, expected):
    assert read.steps_to_target([(10 * i, x) for i, x in enumerate(losses)], 0.5) == expected


def test_final_loss_is_the_mean_of_the_last_three():
    def ended(*losses, diverged=False):
        steps = [10 * i for i in range(len(losses))]
        return read.final_loss({"steps": steps, "validation_loss": losses, "diverged": diverged})

    assert ended(9.0, 5.0, 3.0, 2.0, 1.0) == pytest.approx(2.0)
    assert ended(9.0, 5.0, None) == math.inf
    assert ended(9.0) == ended(9.0, 1.0, diverged=True) == math.inf


def test_a_crossing_is_interpolated_in_the_logarithm_and_needs_two_evaluations():
    decay = [(step, 10 ** (-step / 20)) for step in range(0, 101, 10)]
    assert read.crossing(decay, 10**-1.25) == pytest.approx(25)
    dip = [(0, 1.0), (10, 0.01), (20, 1.0), (30, 0.01), (40, 0.01)]
    assert 20 < read.crossing(dip, 0.1) < 30
    assert read.crossing([(0, 1.0), (10, None), (20, 0.5)], 0.1) == math.inf
