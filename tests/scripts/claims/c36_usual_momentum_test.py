"""C36: momentum is typically 0.9, on made-up bands."""

import pytest

from steplab_study.claims import c36_usual_momentum as claim
from steplab_study.claims.verdict import HOLDS, IN_PART, NO, OPEN

FITS, MISSES = {"chosen": 0.08, "low": 0.04, "high": 0.16}, {"chosen": 0.5, "low": 0.25, "high": 1.0}


def found(fits, of):
    return {"problems": {f"p{i}": FITS if i < fits else MISSES for i in range(of)}}


@pytest.mark.parametrize(
    "fits, of, expected",
    [
        (4, 6, HOLDS),
        (3, 6, IN_PART),
        (2, 6, NO),
        (0, 6, NO),
        (2, 2, OPEN),
    ],
)
def test_each_verdict_can_come_out(fits, of, expected):
    assert claim.decide(found(fits, of)).word == expected


CASES = {HOLDS: found(4, 6), IN_PART: found(3, 6), NO: found(0, 6), OPEN: found(2, 2)}
