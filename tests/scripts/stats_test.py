"""Intervals, the search's points and the rule for steps to target."""

import math

import pytest

from steplab_study import protocol, stats
from steplab_study.search import box_points, edges, sobol, space_points


def test_t_quantiles_match_the_table():
    for probability, degrees, expected in (
        (0.975, 1, 12.7062),
        (0.975, 2, 4.30265),
        (0.975, 10, 2.22814),
        (0.995, 5, 4.03214),
        (0.975, 1000, 1.96234),
    ):
        assert stats.t_quantile(probability, degrees) == pytest.approx(expected, rel=1e-5)


def test_t_interval_of_three_values():
    found = stats.t_interval([1.0, 2.0, 3.0])
    assert found.value == 2
    assert found.high - 2 == pytest.approx(4.30265 / math.sqrt(3), rel=1e-5)


def test_one_value_has_no_t_interval():
    assert stats.t_interval([5.0]).low == -math.inf


def test_median_interval_holds_the_median_and_is_repeatable():
    samples = [1.0, 1.1, 0.9, 1.05, 0.95, 1.2, 1.0, 1.02, 3.0]
    first, second = stats.median_interval(samples), stats.median_interval(samples)
    assert first == second
    assert first.value == 1.02
    assert 0.9 <= first.low <= first.value <= first.high < 3.0


def test_median_interval_of_equal_samples_is_a_point():
    assert stats.median_interval([2.0] * 9) == stats.Interval(2.0, 2.0, 2.0, 9)


def test_median_interval_refuses_no_samples():
    with pytest.raises(ValueError, match="at least one"):
        stats.median_interval([])


def test_mad_ignores_one_outlier():
    assert stats.mad([1, 2, 3, 4, 1000]) == 1


def test_ratio_of_medians_sees_a_factor_of_two():
    found = stats.ratio_of_medians([2.0, 2.02, 1.98] * 3, [1.0, 1.01, 0.99] * 3)
    assert found.value == pytest.approx(2)
    assert found.low > 1.9 and found.high < 2.1


def test_paired_ratio_removes_what_seeds_share():
    paired = stats.paired_ratio([50, 500, 5000], [100, 1000, 10000])
    assert paired.value == pytest.approx(0.5)
    assert paired.high - paired.low < 1e-9


def test_paired_ratio_refuses_unequal_counts():
    with pytest.raises(ValueError, match="equally many"):
        stats.paired_ratio([1, 2], [1])


def test_a_censored_seed_leaves_no_mean():
    assert stats.paired_ratio([10, math.inf], [10, 10]) is None
    assert stats.geometric_interval([10, math.inf]) is None
    assert stats.product_interval([10, math.inf], [1.0]) is None
    assert stats.product_ratio([10, math.inf], [1.0], [10, 10], [1.0]) is None


def test_censored_summary_counts_and_bounds_the_median():
    assert stats.censored_summary([100, math.inf, 80]) == {"reached": 2, "of": 3, "median_at_least": 100}
    assert stats.censored_summary([math.inf] * 3)["median_at_least"] == math.inf


def test_product_multiplies_steps_and_seconds():
    found = stats.product_interval([100, 100, 100], [0.01] * 9)
    assert found.value == pytest.approx(1.0)
    assert found.low == pytest.approx(1.0) and found.high == pytest.approx(1.0)


def test_the_clocks_floor_widens_a_product():
    floored = stats.product_interval([100, 100, 100], [0.01] * 9, floor=0.05)
    assert floored.high == pytest.approx(1.05) and floored.low == pytest.approx(1 / 1.05)


def test_product_ratio_pairs_seeds():
    found = stats.product_ratio([50, 500, 5000], [0.02] * 5, [100, 1000, 10000], [0.01] * 5)
    assert found.value == pytest.approx(1.0)


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
    assert stats.steps_to_target([(10 * i, x) for i, x in enumerate(losses)], 0.5) == expected


def test_final_loss_is_the_mean_of_the_last_three():
    assert stats.final_loss([(0, 9.0), (10, 5.0), (20, 3.0), (30, 2.0), (40, 1.0)]) == pytest.approx(2.0)
    assert stats.final_loss([(0, 9.0), (10, 5.0), (20, None)]) == math.inf
    assert stats.final_loss([(0, 9.0)]) == math.inf


def test_sobol_is_the_same_everywhere():
    points = sobol(4, 2, 7)
    assert points == sobol(4, 2, 7)
    assert points != sobol(4, 2, 8)
    assert [[round(x, 6) for x in p] for p in points] == FIRST_POINTS


FIRST_POINTS = [[0.23281, 0.084483], [0.608609, 0.932242], [0.777376, 0.291478], [0.403664, 0.693749]]


@pytest.mark.parametrize("dimension", range(4))
def test_sobol_puts_one_point_in_each_interval(dimension):
    values = [p[dimension] for p in sobol(64, 4, 3)]
    assert sorted(int(64 * v) for v in values) == list(range(64))


def test_sobol_pairs_of_dimensions_are_balanced():
    points = sobol(64, 3, 5)
    for a, b in ((0, 1), (0, 2), (1, 2)):
        cells = [(int(4 * p[a]), int(4 * p[b])) for p in points]
        assert all(cells.count((i, j)) == 4 for i in range(4) for j in range(4))


def test_sobol_refuses_more_dimensions_than_it_has():
    with pytest.raises(ValueError, match="1 to 4"):
        sobol(2, 5, 1)


def test_points_lie_in_the_space_and_boxes_under_the_cap():
    axes = protocol.space("mlp", "sgd_momentum")
    for point in space_points(axes, 32, 1):
        assert all(axes[n].low <= x <= axes[n].high for n, x in point.items())
    best = {"effective_lr": 1.0, "one_minus_momentum": 0.9}
    for point in box_points(axes, best, 32, 1):
        assert 0.25 <= point["effective_lr"] <= 4
        assert 0.45 <= point["one_minus_momentum"] <= 1


def test_an_edge_is_named_unless_it_is_a_cap():
    axes = protocol.space("mlp", "sgd_momentum")
    assert edges(axes, {"effective_lr": 29.0, "one_minus_momentum": 0.99}) == ["effective_lr"]
    assert edges(axes, {"effective_lr": 1.0, "one_minus_momentum": 0.011}) == ["one_minus_momentum"]
    assert edges(axes, {"effective_lr": 1.0, "one_minus_momentum": 0.1}) == []


def test_a_space_widens_by_a_decade_where_its_best_point_is():
    axis = protocol.Axis(0.01, 1, 2, cap=1)
    assert axis.widened(0.011).low == pytest.approx(0.001)
    assert axis.widened(0.9).high == 1
    assert protocol.Axis(0.01, 30, 4).widened(29).high == 300


def test_a_grid_widens_even_an_interval_of_no_width():
    found = stats.widened(stats.Interval(2.0, 2.0, 2.0, 3), 0.1)
    assert found.low == pytest.approx(2 / 1.1) and found.high == pytest.approx(2.2)
    assert stats.widened(stats.Interval(2.0, 1.0, 4.0, 3), 0.0).high == 4.0
    assert stats.widened(None, 0.1) is None
