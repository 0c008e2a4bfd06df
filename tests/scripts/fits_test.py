"""Exponents and the jackknife, on numbers with known answers."""

import math

import pytest

from steplab_study.fits import exponent, exponent_interval, jackknife

X = (10, 100, 1000, 10_000, 100_000)


def test_a_power_law_has_its_exponent_and_a_narrow_interval():
    found = exponent_interval(X, [3 * x**0.5 for x in X])
    assert found.value == pytest.approx(0.5) and found.high - found.low < 1e-6
    assert exponent(X, [3 * x**0.5 for x in X]) == pytest.approx(0.5)


def test_scatter_widens_the_interval_about_the_slope():
    found = exponent_interval(X, [x * factor for x, factor in zip(X, (1, 2, 0.5, 1.5, 0.8))])
    assert found.low < 1 < found.high and found.high - found.low > 0.1


def test_an_unreached_value_has_no_exponent():
    assert exponent_interval(X, [1, 2, 3, 4, math.inf]) is None
    assert exponent_interval(X[:2], [1, 2]) is None


def test_the_jackknife_of_a_mean_is_its_t_interval():
    from steplab_study.stats import t_interval

    values = [1.0, 2.0, 4.0, 8.0]
    found = jackknife(lambda kept: sum(values[i] for i in kept) / len(kept), 4, 0.99)
    expected = t_interval(values, 0.99)
    assert (found.value, found.low) == (pytest.approx(expected.value), pytest.approx(expected.low))


def test_the_jackknife_says_nothing_when_a_part_cannot():
    assert jackknife(lambda kept: None if 0 not in kept else 1.0, 3) is None
    assert jackknife(lambda kept: 1.0, 1).low == -math.inf
