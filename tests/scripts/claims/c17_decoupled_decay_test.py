"""C17: the same share for every weight, on made-up slopes."""

import pytest

from steplab_study.claims import c17_decoupled_decay as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPEN
from steplab_study.statistics.intervals import Interval


def found(*ends):
    arms = {10.0 ** (-2 - i): Interval(sum(end) / 2, *end, 4) for i, end in enumerate(ends)}
    return {"steps": 100, "arms": arms}


@pytest.mark.parametrize(
    "low, high, word",
    [
        (-0.01, 0.02, HOLDS),
        (-0.025, 0.01, ROUGHLY),
        (-0.1, 0.1, OPEN),
        (0.05, 0.1, NO),
        (-1.1, -0.9, NO),
    ],
)
def test_the_interval_against_the_range(low, high, word):
    verdict = claim.decide(found((low, high)))
    assert verdict.word == word
    assert "at decay 0.01" in verdict.text


CASES = {
    HOLDS: found((-0.01, 0.02), (-0.01, 0.0)),
    ROUGHLY: found((-0.025, 0.01)),
    IN_PART: found((-0.01, 0.02), (0.05, 0.1)),
    NO: found((0.05, 0.1), (-1.1, -0.9)),
    OPEN: found((-0.1, 0.1)),
}
