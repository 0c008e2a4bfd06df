"""C17: the same share for every weight, on made-up slopes."""

import pytest

from steplab_study.claims import c17_decoupled_decay as claim
from steplab_study.claims.verdict import CONTRADICTED, IMPRECISE, NOT_SUPPORTED, SUPPORTED
from steplab_study.statistics.intervals import Interval


@pytest.mark.parametrize(
    "low, high, word",
    [
        (-0.01, 0.02, SUPPORTED),
        (-0.025, 0.01, IMPRECISE),
        (-0.1, 0.1, NOT_SUPPORTED),
        (0.05, 0.1, CONTRADICTED),
        (-1.1, -0.9, CONTRADICTED),
    ],
)
def test_the_interval_against_the_range(low, high, word):
    found = {"steps": 100, "arms": {0.01: Interval((low + high) / 2, low, high, 4)}}
    verdict = claim.decide(found)
    assert verdict.word == word
    assert "at decay 0.01" in verdict.text
