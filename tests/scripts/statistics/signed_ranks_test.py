"""The interval of signed ranks: exact cuts, infinities that count, coverage."""

import math
import random

import pytest

from steplab_study.statistics.signed_ranks import signed_rank_interval

INF = math.inf


def test_the_value_is_the_median_of_the_means_of_pairs():
    found = signed_rank_interval([1.0, 2.0, 4.0, 9.0])
    assert found.value == pytest.approx((3.0 + 4.0) / 2)  # means: 1 1.5 2 2.5 3 4 5 5.5 6.5 9
    assert (found.low, found.high) == (-INF, INF)  # four pairs exclude nothing at 95 %


@pytest.mark.parametrize(
    "count, level, cut", [(6, 0.95, 0), (8, 0.95, 3), (10, 0.95, 8), (20, 0.95, 52), (8, 0.99, 0)]
)
def test_cuts_are_the_critical_values_of_the_tables(count, level, cut):
    values = [float(i) for i in range(count)]
    means = sorted((a + b) / 2 for i, a in enumerate(values) for b in values[i:])
    found = signed_rank_interval(values, level)
    assert (found.low, found.high) == (means[cut], means[-1 - cut])


def test_a_seed_that_never_arrives_counts_as_slower_than_every_other():
    found = signed_rank_interval([0.5, 0.6, 0.4, 0.5, 0.7, INF, INF, INF])
    assert found.value > 0.5 and found.low >= 0.4 and found.high == INF
    most = signed_rank_interval([0.1, 0.2] + [INF] * 6)
    assert most.value == INF and most.low > 0
    both = signed_rank_interval([INF, -INF, 0.1, -0.1, 0.2, -0.2])
    assert both.low == -INF and both.high == INF and math.isfinite(both.value)


def test_fewer_than_three_pairs_say_nothing():
    assert signed_rank_interval([1.0, 2.0]) is None


def test_the_interval_covers_as_often_as_it_says():
    generator = random.Random(1)
    hits = 0
    for _ in range(2000):
        found = signed_rank_interval([generator.gauss(0.3, 1) for _ in range(9)])
        hits += found.low <= 0.3 <= found.high
    assert 0.95 < hits / 2000 < 0.98
