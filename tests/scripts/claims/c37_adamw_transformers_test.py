"""C37: AdamW on transformers, on made-up ratios of final loss."""

from steplab_study.claims import c37_adamw_transformers as claim
from steplab_study.claims.verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED
from steplab_study.statistics.intervals import Interval

BELOW, EVEN, ABOVE = Interval(0.9, 0.85, 0.95, 6), Interval(1, 0.95, 1.05, 6), Interval(1.1, 1.05, 1.15, 6)


def word(*sizes):
    names = ("sgd", "sgd_momentum", "adam")
    return claim.decide({"sizes": {f"t{i}": dict(zip(names, s)) for i, s in enumerate(sizes)}}).word


def test_each_verdict_can_come_out():
    assert word((BELOW, BELOW, BELOW), (BELOW, BELOW, BELOW), (EVEN, EVEN, EVEN)) == SUPPORTED
    assert word((BELOW, BELOW, EVEN), (BELOW, BELOW, EVEN), (BELOW, EVEN, EVEN)) == IMPRECISE
    assert word((BELOW, ABOVE, EVEN), (BELOW, ABOVE, EVEN), (EVEN, EVEN, EVEN)) == CONTRADICTED
    assert word((EVEN, ABOVE, EVEN), (EVEN, EVEN, EVEN), (EVEN, EVEN, EVEN)) == NOT_SUPPORTED
    assert word() == NOT_MEASURED
