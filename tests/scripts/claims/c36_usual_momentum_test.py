"""C36: momentum is typically 0.9, on made-up bands."""

import pytest

from steplab_study.claims import c36_usual_momentum as claim
from steplab_study.claims.verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED

FITS, MISSES = {"chosen": 0.08, "low": 0.04, "high": 0.16}, {"chosen": 0.5, "low": 0.25, "high": 1.0}


@pytest.mark.parametrize(
    "fits, of, expected",
    [
        (4, 6, SUPPORTED),
        (3, 6, IMPRECISE),
        (2, 6, NOT_SUPPORTED),
        (0, 6, CONTRADICTED),
        (2, 2, NOT_MEASURED),
    ],
)
def test_each_verdict_can_come_out(fits, of, expected):
    problems = {f"p{i}": FITS if i < fits else MISSES for i in range(of)}
    assert claim.decide({"problems": problems}).word == expected
