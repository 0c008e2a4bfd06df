"""C34: the best rate depends on what it is used for, on made-up spreads."""

import math

from steplab_study.claims import c34_best_rate_depends as claim
from steplab_study.claims.verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED
from steplab_study.statistics.intervals import Interval

WIDE, NARROW, OPEN = Interval(10, 5, 20, 3), Interval(1.2, 1.0, 1.5, 3), Interval(2.2, 1.5, 3, 3)
NAMES = ("optimizers", "architectures", "data", "batch sizes")


def word(*spreads):
    return claim.decide({"spreads": dict(zip(NAMES, spreads))}).word


def test_each_verdict_can_come_out():
    assert word(WIDE, WIDE, WIDE, WIDE) == SUPPORTED
    assert word(WIDE, WIDE, NARROW, WIDE) == IMPRECISE
    assert word(WIDE, WIDE, WIDE) == IMPRECISE  # one of the four was not measured
    assert word(NARROW, NARROW, NARROW, NARROW) == CONTRADICTED
    assert word(NARROW, OPEN, OPEN, NARROW) == NOT_SUPPORTED
    assert word(WIDE) == NOT_MEASURED


def test_the_widest_pair_of_a_group_is_taken_with_its_scatter():
    tight = [[math.log(x) for x in (0.1, 0.11, 0.1)], [math.log(x) for x in (1.0, 1.1, 1.0)]]
    found = claim._largest([tight])
    assert 9 < found.value < 11 and found.low > 5
    loose = [[math.log(x) for x in (0.05, 0.1, 0.5)], [math.log(x) for x in (0.5, 1.0, 4.0)]]
    assert claim._largest([loose]).low < 2
