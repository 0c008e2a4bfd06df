"""Grids that grow, near-best bands, best positions and crossings, on curves with known answers."""

import math

import pytest

from steplab_study import grids

PARABOLA = {k: math.exp((k - 1.3) ** 2 / 50) for k in range(-4, 7)}


def explored(loss, start, lacking, seeds=(1,), limits=(-20, 20), views=list):
    """Curves of `explore`, and the (k, seed) asked, where loss(k, seed) answers."""
    asked = []
    plan = grids.explore(lambda k, seed: (k, seed), lambda r: r, seeds, start, lacking, limits, views)
    answer = None
    while True:
        try:
            request = plan.send(answer)
        except StopIteration as end:
            return end.value, asked
        asked += request
        answer = [loss(k, seed) for k, seed in request]


def test_a_grid_grows_until_the_band_has_both_edges():
    (curve,), _ = explored(lambda k, seed: 1 + (k - 5) ** 2 / 100, (0,), grids.lacking_band)
    low, high = grids.near_best(curve)
    assert min(curve) < low < 5 < high < max(curve)


def test_a_grid_grows_until_the_lowest_point_has_neighbours():
    (curve,), _ = explored(lambda k, seed: (k + 7) ** 2, (0,), grids.lacking_minimum(2))
    assert set(range(-9, -4)) <= set(curve)


def test_a_grid_goes_down_where_everything_diverges():
    (curve,), _ = explored(lambda k, seed: math.inf if k > -5 else k * k, (0,), grids.lacking_minimum(1))
    assert grids.lowest(curve) == -5


def test_no_point_beyond_the_limits_is_tried():
    (curve,), asked = explored(lambda k, seed: -k, (0,), grids.lacking_band, limits=(-2, 3))
    assert {k for k, _ in asked} <= set(range(-2, 4))
    assert grids.near_best(curve) is None and grids.best_position(curve) is None


def test_all_seeds_have_all_points_and_no_trial_is_asked_twice():
    curves, asked = explored(
        lambda k, seed: 1 + (k - seed) ** 2 / 10, (0,), grids.lacking_minimum(1), seeds=(0, 4)
    )
    assert set(curves[0]) == set(curves[1]) >= {-1, 0, 1, 3, 4, 5}
    assert len(asked) == len(set(asked))


def test_the_mean_curves_decide_where_asked():
    curves, _ = explored(
        lambda k, seed: 1 + (k - seed) ** 2,
        (1, 2, 3),
        grids.lacking_minimum(1),
        (0, 4),
        views=grids.leave_one_out,
    )
    assert grids.lowest(grids.mean_curve(curves)) == 2
    assert grids.mean_curve(curves)[2] == 5


def test_an_edge_lies_where_the_loss_passes_the_limit():
    low, high = grids.near_best({-1: 1.10, 0: 1.0, 1: 1.0, 2: 1.20})
    assert (low, high) == (pytest.approx(-0.5), pytest.approx(1.25))


def test_an_edge_at_divergence_lies_half_way():
    assert grids.near_best({-1: 2.0, 0: 1.0, 1: math.inf})[1] == 0.5


def test_a_band_that_reaches_the_end_of_the_grid_is_open():
    assert grids.near_best({0: 1.0, 1: 1.01, 2: 1.5}) is None


def test_the_best_position_lies_between_the_points_of_the_grid():
    assert grids.best_position(PARABOLA) == pytest.approx(1.3)


def test_next_to_divergence_the_lowest_point_is_the_best():
    assert grids.best_position({-1: 1.2, 0: 1.0, 1: math.inf}) == 0


def test_a_crossing_is_interpolated_in_the_logarithm_and_needs_two_evaluations():
    decay = [(step, 10 ** (-step / 20)) for step in range(0, 101, 10)]
    assert grids.crossing(decay, 10**-1.25) == pytest.approx(25)
    dip = [(0, 1.0), (10, 0.01), (20, 1.0), (30, 0.01), (40, 0.01)]
    assert 20 < grids.crossing(dip, 0.1) < 30
    assert grids.crossing([(0, 1.0), (10, None), (20, 0.5)], 0.1) == math.inf
