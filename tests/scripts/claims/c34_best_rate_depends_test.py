"""C34: the best rate depends on what it is used for, on made-up spreads."""

import math

from steplab_study.claims import c34_best_rate_depends as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPEN
from steplab_study.statistics.intervals import Interval

WIDE, NARROW, UNSURE = Interval(10, 5, 20, 3), Interval(1.2, 1.0, 1.5, 3), Interval(2.2, 1.5, 3, 3)
NEARLY = Interval(2.0, 1.7, 2.3, 3)
NAMES = ("optimizers", "architectures", "data", "batch sizes")


def found(*spreads):
    return {"spreads": dict(zip(NAMES, spreads))}


def word(*spreads):
    return claim.decide(found(*spreads)).word


def test_each_verdict_can_come_out():
    assert word(WIDE, WIDE, WIDE, WIDE) == HOLDS
    assert word(WIDE, WIDE, NARROW, WIDE) == IN_PART
    assert word(WIDE, WIDE, WIDE) == IN_PART  # one of the four was not measured
    assert word(NARROW, NARROW, NARROW, NARROW) == NO
    assert word(NEARLY, WIDE, WIDE, WIDE) == ROUGHLY
    assert word(NARROW, UNSURE, UNSURE, NARROW) == OPEN
    assert word(WIDE) == IN_PART
    assert word(UNSURE) == OPEN


def test_the_widest_pair_of_a_group_is_taken_with_its_scatter():
    tight = [[math.log(x) for x in (0.1, 0.11, 0.1)], [math.log(x) for x in (1.0, 1.1, 1.0)]]
    spread = claim._largest([tight])
    assert 9 < spread.value < 11 and spread.low > 5
    loose = [[math.log(x) for x in (0.05, 0.1, 0.5)], [math.log(x) for x in (0.5, 1.0, 4.0)]]
    assert claim._largest([loose]).low < 2


CASES = {
    HOLDS: found(WIDE, WIDE, WIDE, WIDE),
    ROUGHLY: found(WIDE, WIDE, WIDE, NEARLY),
    IN_PART: found(WIDE, WIDE, NARROW, WIDE),
    NO: found(NARROW, NARROW, NARROW, NARROW),
    OPEN: found(UNSURE, NARROW),
}
