"""Grids that grow, near-best bands, best positions and crossings, on curves with known answers."""

import math

import pytest

from steplab_study.tuning import rate_grid

PARABOLA = {k: math.exp((k - 1.3) ** 2 / 50) for k in range(-4, 7)}


def explored(loss, start, lacking, seeds=(1,), limits=(-20, 20), views=list):
    """Curves of `explore`, and the (k, seed) asked, where loss(k, seed) answers."""
    asked = []
    plan = rate_grid.explore(lambda k, seed: (k, seed), lambda r: r, seeds, start, lacking, limits, views)
    answer = None
    while True:
        try:
            request = plan.send(answer)
        except StopIteration as end:
            return end.value, asked
        asked += request
        answer = [loss(k, seed) for k, seed in request]


def test_a_grid_grows_until_the_band_has_both_edges():
    (curve,), _ = explored(lambda k, seed: 1 + (k - 5) ** 2 / 100, (0,), rate_grid.lacking_band)
    low, high = rate_grid.near_best(curve)
    assert min(curve) < low < 5 < high < max(curve)


def test_a_grid_grows_until_the_lowest_point_has_neighbours():
    (curve,), _ = explored(lambda k, seed: (k + 7) ** 2, (0,), rate_grid.lacking_minimum(2))
    assert set(range(-9, -4)) <= set(curve)


def test_a_grid_goes_down_where_everything_diverges():
    (curve,), _ = explored(lambda k, seed: math.inf if k > -5 else k * k, (0,), rate_grid.lacking_minimum(1))
    assert rate_grid.lowest(curve) == -5


def test_no_point_beyond_the_limits_is_tried():
    (curve,), asked = explored(lambda k, seed: -k, (0,), rate_grid.lacking_band, limits=(-2, 3))
    assert {k for k, _ in asked} <= set(range(-2, 4))
    assert rate_grid.near_best(curve) is None and rate_grid.best_position(curve) is None


def test_all_seeds_have_all_points_and_no_trial_is_asked_twice():
    curves, asked = explored(
        lambda k, seed: 1 + (k - seed) ** 2 / 10, (0,), rate_grid.lacking_minimum(1), seeds=(0, 4)
    )
    assert set(curves[0]) == set(curves[1]) >= {-1, 0, 1, 3, 4, 5}
    assert len(asked) == len(set(asked))


def test_the_mean_curves_decide_where_asked():
    curves, _ = explored(
        lambda k, seed: 1 + (k - seed) ** 2,
        (1, 2, 3),
        rate_grid.lacking_minimum(1),
        (0, 4),
        views=rate_grid.leave_one_out,
    )
    assert rate_grid.lowest(rate_grid.mean_curve(curves)) == 2
    assert rate_grid.mean_curve(curves)[2] == 5


def test_an_edge_lies_where_the_loss_passes_the_limit():
    low, high = rate_grid.near_best({-1: 1.10, 0: 1.0, 1: 1.0, 2: 1.20})
    assert (low, high) == (pytest.approx(-0.5), pytest.approx(1.25))


def test_an_edge_at_divergence_lies_half_way():
    assert rate_grid.near_best({-1: 2.0, 0: 1.0, 1: math.inf})[1] == 0.5


def test_a_band_that_reaches_the_end_of_the_grid_is_open():
    assert rate_grid.near_best({0: 1.0, 1: 1.01, 2: 1.5}) is None


def test_the_best_position_lies_between_the_points_of_the_grid():
    assert rate_grid.best_position(PARABOLA) == pytest.approx(1.3)


def test_next_to_divergence_the_lowest_point_is_the_best():
    assert rate_grid.best_position({-1: 1.2, 0: 1.0, 1: math.inf}) == 0
