"""C19: sensitivity of Adam and SGD, on made-up widths."""

import pytest

from steplab_study.claims import c19_rate_sensitivity as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN
from steplab_study.statistics.intervals import Interval


def found(sgd, momentum):
    """Ratios of widths per problem against SGD and against SGD-M."""
    pairs = [("sgd", sgd), ("sgd_momentum", momentum)]
    return {
        "cases": [
            {
                "problem": f"mlp/p{i}",
                "reference": reference,
                "ratio": ratio and Interval(ratio, ratio * 0.9, ratio * 1.1, 5),
            }
            for reference, ratios in pairs
            for i, ratio in enumerate(ratios)
        ]
    }


WIDER, A_LITTLE, SAME = [1.5, 1.6, 1.7, 2.0, 1.8, 2.1, 1.4], [1.21] * 7, [1.05] * 7
NARROWER, LOOSE = [0.5, 0.6, 0.5, 0.4, 0.6, 0.5, 0.7], [0.3, 3.0, 1.0, 0.5, 2.0, 1.4, 4.0]


@pytest.mark.parametrize(
    "sgd, momentum, expected",
    [
        (WIDER, WIDER, HOLDS),
        (WIDER, A_LITTLE, ROUGHLY),
        (WIDER, SAME, IN_PART),
        (SAME, SAME, NO),
        (NARROWER, NARROWER, OPPOSITE),
        (LOOSE, LOOSE, OPEN),
        (WIDER[:5], WIDER[:5], OPEN),
        ([None] * 7, [None] * 7, OPEN),
    ],
)
def test_each_verdict_can_come_out(sgd, momentum, expected):
    assert claim.decide(found(sgd, momentum)).word == expected


def test_one_outlier_of_seven_problems_does_not_widen_it():
    assert claim.decide(found([*WIDER[:6], 40.0], WIDER)).word == HOLDS


def test_too_few_problems_are_named():
    verdict = claim.decide(found([*WIDER[:5], None, None], WIDER))
    assert verdict.word == IN_PART
    assert "against SGD (5 problems with both edges, 6 are needed)" in verdict.why


def test_both_momenta_are_compared_on_every_workload():
    def arm(width):
        points = [*range(-12, 13)]
        return {"points": points, "losses": [[1 + 0.05 * (k / width) ** 2] * 3 for k in points]}

    class Evidence:
        @staticmethod
        def outcomes(name):
            arms = {"sgd": arm(2), "sgd_momentum": arm(3), "adam": arm(6)}
            return {"a": {"problem": "mlp/small", "arms": arms}}

    cases = claim.measure(Evidence)["cases"]
    ratios = {case["reference"]: case["ratio"].value for case in cases}
    assert ratios == {"sgd": pytest.approx(3, rel=0.03), "sgd_momentum": pytest.approx(2, rel=0.03)}


CASES = {
    HOLDS: found(WIDER, WIDER),
    ROUGHLY: found(A_LITTLE, A_LITTLE),
    IN_PART: found(WIDER, SAME),
    NO: found(SAME, SAME),
    OPPOSITE: found(NARROWER, NARROWER),
    OPEN: found(LOOSE, LOOSE),
}
