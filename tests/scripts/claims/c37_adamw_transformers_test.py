"""C37: AdamW on transformers, on made-up ratios of final loss."""

from steplab_study.claims import c37_adamw_transformers as claim
from steplab_study.claims.verdict import HOLDS, IN_PART, NO, OPEN
from steplab_study.statistics.intervals import Interval

BELOW, EVEN, ABOVE = Interval(0.9, 0.85, 0.95, 6), Interval(1, 0.95, 1.05, 6), Interval(1.1, 1.05, 1.15, 6)


def found(*sizes):
    names = ("sgd", "sgd_momentum", "adam")
    return {"sizes": {f"t{i}": dict(zip(names, s)) for i, s in enumerate(sizes)}}


def word(*sizes):
    return claim.decide(found(*sizes)).word


def test_each_verdict_can_come_out():
    assert word((BELOW, BELOW, BELOW), (BELOW, BELOW, BELOW), (EVEN, EVEN, EVEN)) == HOLDS
    assert word((BELOW, BELOW, EVEN), (BELOW, BELOW, EVEN), (BELOW, EVEN, EVEN)) == IN_PART
    assert word((BELOW, ABOVE, EVEN), (BELOW, ABOVE, EVEN), (EVEN, EVEN, EVEN)) == NO
    assert word((EVEN, ABOVE, EVEN), (EVEN, EVEN, EVEN), (EVEN, EVEN, EVEN)) == OPEN
    assert word((BELOW, BELOW, ABOVE)) == IN_PART
    assert word() == OPEN


CASES = {
    HOLDS: found((BELOW, BELOW, BELOW)),
    IN_PART: found((BELOW, BELOW, EVEN)),
    NO: found((BELOW, ABOVE, EVEN)),
    OPEN: found((EVEN, EVEN, EVEN)),
}
SPREAD = found((EVEN, EVEN, EVEN), (EVEN, EVEN, BELOW), (EVEN, ABOVE, ABOVE))
