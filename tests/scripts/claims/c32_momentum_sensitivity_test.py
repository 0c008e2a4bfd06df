"""C32: momentum and the sensitivity, on made-up widths."""

import pytest

from steplab_study.claims import c32_momentum_sensitivity as claim
from steplab_study.claims.verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED
from steplab_study.statistics.intervals import Interval

WIDER, A_LITTLE, SAME, NARROWER, LOOSE = (1.3, 1.8), (1.02, 1.5), (0.95, 1.05), (0.5, 0.8), (0.5, 2.0)
NARROW, BROAD, EITHER = (0.4, 0.9), (2.2, 3.0), (1.5, 2.5)


def verdict(*cases):
    def given(ends):
        return ends and Interval(sum(ends) / 2, *ends, 5)

    return claim.decide({
        "cases": [{"problem": "mlp/small", "ratio": given(r), "width": given(w)} for r, w in cases]
    })


@pytest.mark.parametrize(
    "case, helps, remains, overall",
    [
        ((WIDER, NARROW), SUPPORTED, SUPPORTED, SUPPORTED),
        ((A_LITTLE, NARROW), IMPRECISE, SUPPORTED, IMPRECISE),
        ((SAME, NARROW), NOT_SUPPORTED, SUPPORTED, IMPRECISE),
        ((NARROWER, BROAD), CONTRADICTED, CONTRADICTED, CONTRADICTED),
        ((SAME, EITHER), NOT_SUPPORTED, NOT_SUPPORTED, NOT_SUPPORTED),
        ((LOOSE, NARROW), NOT_MEASURED, SUPPORTED, IMPRECISE),
        ((None, None), NOT_MEASURED, NOT_MEASURED, NOT_MEASURED),
    ],
)
def test_each_verdict_can_come_out(case, helps, remains, overall):
    found = verdict(case)
    assert [word for _, word in found.statements] == [helps, remains]
    assert found.word == overall


def test_two_thirds_of_the_workloads_decide():
    assert verdict((WIDER, NARROW), (WIDER, NARROW), (SAME, NARROW)).word == SUPPORTED
    assert verdict((WIDER, NARROW), (SAME, NARROW), (NARROWER, NARROW)).statements[0][1] == IMPRECISE
