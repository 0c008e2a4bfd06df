"""C02: 1.5 times the memory of SGD-M, on made-up rows."""

import pytest
from memory_rows import evidence, rows

from steplab_study.claims import c02_memory_of_moving as claim
from steplab_study.claims.footprint import ALONE, GRADIENTS
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO


def found(alone, gradients):
    return {ALONE: {10**6: alone}, GRADIENTS: {10**6: gradients}}


@pytest.mark.parametrize(
    "alone, gradients, expected",
    [(1.5, 1.51, HOLDS), (1.5, 1.33, IN_PART), (1.4, 1.5, IN_PART), (1.3, 1.33, NO), (1.52, 1.5, ROUGHLY)],
)
def test_each_verdict(alone, gradients, expected):
    assert claim.decide(found(alone, gradients)).word == expected


def test_the_ratio_is_of_the_same_size():
    memory = rows("sgd_momentum", (10**6, 10**7)) + rows("adam", (10**6, 10**8))
    numbers = claim.measure(evidence(memory))
    assert numbers == {ALONE: {10**6: 1.5}, GRADIENTS: {10**6: pytest.approx(4 / 3)}}
    assert "1.50" in claim.decide(numbers).text and "1.33" in claim.decide(numbers).text


def test_without_a_common_size_there_is_nothing():
    assert claim.measure(evidence(rows("sgd_momentum", (10**6,)) + rows("adam", (10**7,)))) is None


CASES = {HOLDS: found(1.5, 1.5), ROUGHLY: found(1.52, 1.5), IN_PART: found(1.5, 1.33), NO: found(1.3, 1.3)}
SPREAD = {ALONE: {10**6: 1.5, 10**7: 1.7}, GRADIENTS: {10**6: 1.3, 10**7: 1.1}}
