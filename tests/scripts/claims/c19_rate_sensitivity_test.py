"""C19: sensitivity of Adam and SGD, on made-up widths."""

import pytest

from steplab_study.claims import c19_rate_sensitivity as claim
from steplab_study.claims.verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED
from steplab_study.statistics.intervals import Interval

WIDER, A_LITTLE, SAME, NARROWER, LOOSE = (1.5, 2.5), (1.1, 1.6), (0.9, 1.1), (0.4, 0.6), (0.3, 3.0)


def found(*ratios):
    return {
        "cases": [
            {
                "problem": f"mlp/p{i // 2}",
                "reference": ("sgd", "sgd_momentum")[i % 2],
                "ratio": ratio and Interval(sum(ratio) / 2, *ratio, 5),
            }
            for i, ratio in enumerate(ratios)
        ]
    }


@pytest.mark.parametrize(
    "ratios, expected",
    [
        ((WIDER, WIDER, A_LITTLE), SUPPORTED),
        ((WIDER, SAME, SAME, NARROWER), IMPRECISE),
        ((A_LITTLE, A_LITTLE), IMPRECISE),
        ((SAME, SAME, WIDER), NOT_SUPPORTED),
        ((NARROWER, NARROWER, WIDER), CONTRADICTED),
        ((LOOSE, LOOSE, WIDER), NOT_MEASURED),
        ((None, None), NOT_MEASURED),
    ],
)
def test_each_verdict_can_come_out(ratios, expected):
    assert claim.decide(found(*ratios)).word == expected


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
