"""C28: oscillation of plain SGD, on made-up shares of sign changes."""

import pytest

from steplab_study.claims import c28_sgd_oscillates as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO


def cases(at_one_and_a_half, at_one_point_nine):
    shares = {0.5: 0.0, 1.0: 0.0, 1.5: at_one_and_a_half, 1.9: at_one_point_nine}
    return [
        {
            "kappa": kappa,
            "rotated": rotated,
            "rate": rate,
            "steepest": None if rotated else share,
            "overall": share / 5,
        }
        for kappa in (100, 1000)
        for rotated in (0, 1)
        for rate, share in shares.items()
    ]


@pytest.mark.parametrize(
    "slower, faster, expected",
    [
        (0.9, 1.0, HOLDS),
        (0.1, 1.0, IN_PART),
        (0.25, 0.28, ROUGHLY),
        (0.1, 0.25, IN_PART),
        (0.1, 0.15, NO),
        (0.0, 0.0, NO),
    ],
)
def test_each_verdict_can_come_out(slower, faster, expected):
    assert claim.decide({"cases": cases(slower, faster)}).word == expected


def test_the_least_share_over_condition_numbers_decides():
    some = cases(1.0, 1.0)
    some[2]["steepest"] = some[3]["steepest"] = 0.0
    assert claim.decide({"cases": some}).word == NO


def test_without_the_study_nothing_is_measured():
    class Evidence:
        outcomes = staticmethod(lambda name: {})

    assert claim.measure(Evidence) is None


CASES = {
    HOLDS: {"cases": cases(0.9, 1.0)},
    ROUGHLY: {"cases": cases(0.25, 0.9)},
    IN_PART: {"cases": cases(0.1, 1.0)},
    NO: {"cases": cases(0.0, 0.1)},
}
