"""Exponents, on numbers with known answers."""

import math

import pytest

from steplab_study.statistics.power_laws import exponent, exponent_interval

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
