"""C20: batch size and learning rate, on made-up exponents."""

import pytest

from steplab_study.claims import c20_batch_size as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN
from steplab_study.statistics.intervals import Interval

LINEAR, ROOT, BETWEEN, NONE, LOOSE = (0.9, 1.1), (0.4, 0.6), (0.55, 0.65), (-0.1, 0.1), (0.1, 1.2)
NEAR, FALLS = (0.75, 0.9), (-0.4, -0.2)


def problem(sgd, adam):
    arms = {"sgd": sgd, "adam": adam}
    return {
        "arms": {arm: ends and Interval(sum(ends) / 2, *ends, 5) for arm, ends in arms.items()},
        "batches": [8, 256],
    }


@pytest.mark.parametrize(
    "sgd, adam, expected",
    [
        (LINEAR, LINEAR, HOLDS),
        (LINEAR, BETWEEN, IN_PART),
        (ROOT, ROOT, IN_PART),
        (ROOT, NONE, IN_PART),
        (NEAR, LINEAR, ROUGHLY),
        (FALLS, FALLS, OPPOSITE),
        (NONE, NONE, NO),
        (BETWEEN, BETWEEN, NO),
        (LINEAR, LOOSE, IN_PART),
        (LINEAR, None, IN_PART),
        (LOOSE, None, OPEN),
    ],
)
def test_each_verdict_can_come_out(sgd, adam, expected):
    assert claim.decide({"problems": {"mlp/small": problem(sgd, adam)}}).word == expected


def test_two_thirds_of_the_workloads_decide():
    problems = {"mlp/small": problem(LINEAR, LINEAR), "mlp/medium": problem(LINEAR, LINEAR)}
    assert claim.decide({"problems": {**problems, "logistic/small": problem(NONE, NONE)}}).word == HOLDS


class Evidence:
    def __init__(self, best):
        outcomes = {
            arm: {"problem": "mlp/small", "arm": arm, "batches": [8, 16, 32, 64, 128], "best": best}
            for arm in ("sgd", "adam")
        }
        self.outcomes = lambda name: outcomes


def test_exponents_are_fitted_per_seed():
    found = claim.measure(Evidence([[b * s for s in (0.9, 1.0, 1.1)] for b in (1, 2, 4, 8, 16)]))
    arms = found["problems"]["mlp/small"]["arms"]
    assert arms["adam"].value == pytest.approx(1) and arms["adam"].count == 3


def test_an_edge_or_too_few_batch_sizes_give_no_exponent():
    edge = Evidence([[1.0, 2.0], [1.0, None], [1.0, 2.0], [1.0, 2.0], [1.0, 2.0]])
    assert claim.measure(edge)["problems"]["mlp/small"]["arms"]["sgd"] is None
    assert claim.measure(Evidence([[1.0, 2.0]] * 4))["problems"]["mlp/small"]["arms"]["sgd"] is None


def found(*ends):
    return {"problems": {f"mlp/p{i}": problem(*end) for i, end in enumerate(ends)}}


CASES = {
    HOLDS: found((LINEAR, LINEAR)),
    ROUGHLY: found((NEAR, LINEAR)),
    IN_PART: found((ROOT, BETWEEN), (BETWEEN, BETWEEN)),
    NO: found((BETWEEN, NONE)),
    OPPOSITE: found((FALLS, FALLS)),
    OPEN: found((LOOSE, None)),
}
SPREAD = found((LOOSE, LOOSE), ((0.0, 1.6), (0.0, 1.9)))
