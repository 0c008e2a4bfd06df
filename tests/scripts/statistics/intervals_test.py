"""Intervals, on numbers with known answers."""

import math

import pytest

from steplab_study.statistics import intervals


def test_t_quantiles_match_the_table():
    for probability, degrees, expected in (
        (0.975, 1, 12.7062),
        (0.975, 2, 4.30265),
        (0.975, 10, 2.22814),
        (0.995, 5, 4.03214),
        (0.975, 1000, 1.96234),
    ):
        assert intervals.t_quantile(probability, degrees) == pytest.approx(expected, rel=1e-5)


def test_t_interval_of_three_values():
    found = intervals.t_interval([1.0, 2.0, 3.0])
    assert found.value == 2
    assert found.high - 2 == pytest.approx(4.30265 / math.sqrt(3), rel=1e-5)


def test_one_value_has_no_t_interval():
    assert intervals.t_interval([5.0]).low == -math.inf


def test_median_interval_holds_the_median_and_is_repeatable():
    samples = [1.0, 1.1, 0.9, 1.05, 0.95, 1.2, 1.0, 1.02, 3.0]
    first, second = intervals.median_interval(samples), intervals.median_interval(samples)
    assert first == second
    assert first.value == 1.02
    assert 0.9 <= first.low <= first.value <= first.high < 3.0


def test_median_interval_of_equal_samples_is_a_point():
    assert intervals.median_interval([2.0] * 9) == intervals.Interval(2.0, 2.0, 2.0, 9)


def test_median_interval_refuses_no_samples():
    with pytest.raises(ValueError, match="at least one"):
        intervals.median_interval([])


def test_mad_ignores_one_outlier():
    assert intervals.mad([1, 2, 3, 4, 1000]) == 1


def test_ratio_of_medians_sees_a_factor_of_two():
    found = intervals.ratio_of_medians([2.0, 2.02, 1.98] * 3, [1.0, 1.01, 0.99] * 3)
    assert found.value == pytest.approx(2)
    assert found.low > 1.9 and found.high < 2.1


def test_paired_ratio_removes_what_seeds_share():
    paired = intervals.paired_ratio([50, 500, 5000], [100, 1000, 10000])
    assert paired.value == pytest.approx(0.5)
    assert paired.high - paired.low < 1e-9


def test_paired_ratio_refuses_unequal_counts():
    with pytest.raises(ValueError, match="equally many"):
        intervals.paired_ratio([1, 2], [1])


def test_a_censored_seed_leaves_no_mean():
    assert intervals.paired_ratio([10, math.inf], [10, 10]) is None
    assert intervals.geometric_interval([10, math.inf]) is None
    assert intervals.product_interval([10, math.inf], [1.0]) is None
    assert intervals.product_ratio([10, math.inf], [1.0], [10, 10], [1.0]) is None


def test_censored_summary_counts_and_bounds_the_median():
    assert intervals.censored_summary([100, math.inf, 80]) == {"reached": 2, "of": 3, "median_at_least": 100}
    assert intervals.censored_summary([math.inf] * 3)["median_at_least"] == math.inf


def test_product_multiplies_steps_and_seconds():
    found = intervals.product_interval([100, 100, 100], [0.01] * 9)
    assert found.value == pytest.approx(1.0)
    assert found.low == pytest.approx(1.0) and found.high == pytest.approx(1.0)


def test_the_clocks_floor_widens_a_product():
    floored = intervals.product_interval([100, 100, 100], [0.01] * 9, floor=0.05)
    assert floored.high == pytest.approx(1.05) and floored.low == pytest.approx(1 / 1.05)


def test_product_ratio_pairs_seeds():
    found = intervals.product_ratio([50, 500, 5000], [0.02] * 5, [100, 1000, 10000], [0.01] * 5)
    assert found.value == pytest.approx(1.0)


def test_a_grid_widens_even_an_interval_of_no_width():
    found = intervals.widened(intervals.Interval(2.0, 2.0, 2.0, 3), 0.1)
    assert found.low == pytest.approx(2 / 1.1) and found.high == pytest.approx(2.2)
    assert intervals.widened(intervals.Interval(2.0, 1.0, 4.0, 3), 0.0).high == 4.0
    assert intervals.widened(None, 0.1) is None


def test_the_jackknife_of_a_mean_is_its_t_interval():
    values = [1.0, 2.0, 4.0, 8.0]
    found = intervals.jackknife(lambda kept: sum(values[i] for i in kept) / len(kept), 4, 0.99)
    expected = intervals.t_interval(values, 0.99)
    assert (found.value, found.low) == (pytest.approx(expected.value), pytest.approx(expected.low))


def test_the_jackknife_says_nothing_when_a_part_cannot():
    assert intervals.jackknife(lambda kept: None if 0 not in kept else 1.0, 3) is None
    assert intervals.jackknife(lambda kept: 1.0, 1).low == -math.inf
