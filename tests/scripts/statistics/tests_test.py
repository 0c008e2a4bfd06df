"""The Mann-Whitney test against counted orders and published values; the correction for many tests."""

from itertools import combinations

import numpy as np
import pytest

from steplab_study.statistics import tests

MALES, FEMALES = [19, 22, 16, 29, 24], [20, 11, 17, 12]  # ages at a diagnosis: U 17 and 3, exact p 1/9


def _all_u(values, n):
    places = range(len(values))
    for chosen in combinations(places, n):
        rest = [values[i] for i in places if i not in chosen]
        yield tests.u_statistic([values[i] for i in chosen], rest)


def test_u_counts_pairs_and_halves_of_ties():
    assert tests.u_statistic(MALES, FEMALES) == 17
    assert tests.u_statistic(FEMALES, MALES) == 3
    assert tests.u_statistic([1, 2], [2, 3]) == 0.5


def test_the_exact_p_is_the_published_one_from_either_side():
    assert tests.two_sided(MALES, FEMALES) == pytest.approx(1 / 9)
    assert tests.two_sided(FEMALES, MALES) == pytest.approx(1 / 9)


def test_nine_separate_samples_have_the_smallest_p_there_is():
    low, high = list(range(9)), list(range(10, 19))
    assert tests.two_sided(low, high) == pytest.approx(2 / 48620)  # 18 over 9


@pytest.mark.parametrize("n, m, u, expected", [(3, 3, 9, 0.1), (4, 4, 16, 2 / 70), (5, 5, 23, 4 * 2 / 252)])
def test_the_exact_distribution_agrees_with_the_table(n, m, u, expected):
    assert tests._exact(u, n, m) == pytest.approx(expected)


def test_the_exact_distribution_is_that_of_counted_orders():
    found = list(_all_u(list(range(9)), 4))
    counted = [found.count(u) for u in range(21)]
    assert list(tests._arrangements(4, 5)) == counted


def test_the_approximation_has_the_published_value():
    p = tests._approximate(17, 5, 4, np.ones(9))
    assert p == pytest.approx(0.11134688653314041)  # normal approximation with continuity correction


def test_the_tie_correction_is_the_variance_of_counted_orders():
    values = [1, 2, 2, 2, 3, 3, 4, 5]
    _, ties = np.unique(values, return_counts=True)
    assert tests.u_variance(4, 4, ties) == pytest.approx(np.var(list(_all_u(values, 4))))


def test_equal_samples_are_no_difference():
    assert tests.two_sided([1.0] * 9, [1.0] * 9) == 1


def test_no_samples_are_refused():
    with pytest.raises(ValueError, match="got 0 and 2"):
        tests.two_sided([], [1, 2])


def test_the_correction_has_the_values_worked_out_by_hand():
    assert tests.benjamini_hochberg([0.01, 0.04, 0.03, 0.5]) == pytest.approx(
        [0.04, 0.16 / 3, 0.16 / 3, 0.5]
    )
