"""Near-best bands over seeds: edges, widths and their ratios."""

import math

import pytest

from steplab_study.tuning import near_best_band


def arm(width, shifts=(0.0, 0.0, 0.0), points=range(-12, 13)):
    """A curve whose near-best band is 2·width grid points wide, moved by seed."""
    losses = [[1 + 0.05 * ((k - shift) / width) ** 2 for shift in shifts] for k in points]
    return {"points": [*points], "losses": losses}


def test_a_band_is_given_in_decades():
    low, high = near_best_band.ends(arm(4))
    assert (low, high) == (pytest.approx(-1, abs=0.02), pytest.approx(1, abs=0.02))
    assert near_best_band.width(arm(4)).value == pytest.approx(2, abs=0.03)


def test_equal_seeds_leave_the_grids_own_step():
    ratio = near_best_band.width_ratio(arm(6), arm(3))  # 3 and 1.5 decades; an edge is known to 1/8
    assert ratio.value == pytest.approx(2, rel=0.02)
    step = 2**0.5 / 8
    known = math.hypot(math.log(1 + step / 3), math.log(1 + step / 1.5))
    assert math.log(ratio.high / ratio.value) == pytest.approx(known, rel=0.03)
    assert math.log(ratio.value / ratio.low) == pytest.approx(known, rel=0.03)
    width = near_best_band.width(arm(4))
    assert width.high - width.value == pytest.approx(step)


def test_seeds_that_differ_have_an_interval():
    ratio = near_best_band.width_ratio(arm(6, (-1.0, 0.0, 1.5)), arm(3))
    assert ratio.low < ratio.value < ratio.high


def test_edges_are_rates_with_intervals():
    low = near_best_band.end_interval(arm(4, (-0.5, 0.0, 0.5)), 0)
    assert low.low < low.value < low.high and low.value == pytest.approx(0.1, rel=0.1)


def test_an_open_edge_gives_nothing():
    open_arm = arm(4, points=range(-3, 13))
    assert near_best_band.ends(open_arm) is None
    assert near_best_band.width(open_arm) is None and near_best_band.width_ratio(arm(4), open_arm) is None


def test_divergence_of_one_seed_ends_the_band():
    found = arm(4)
    found["losses"][found["points"].index(2)][1] = math.inf
    assert near_best_band.ends(found)[1] == pytest.approx(1.5 / 4)
