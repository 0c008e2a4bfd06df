"""C01: 2 and 3 times the parameters' memory, on made-up rows."""

import pytest
from memory_rows import evidence, rows, temporaries

from steplab_study.claims import c01_state_memory as claim
from steplab_study.claims.footprint import ALONE, GRADIENTS, PEAK
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPEN

SIZES = (10**4, 10**6, 10**7)


def found(alone, gradients=None, peak=None):
    """(SGD-M, Adam) by each counting."""
    given = {ALONE: alone, GRADIENTS: gradients, PEAK: peak}
    both = ("sgd_momentum", "adam")
    return {
        o: {name: {10**6: values[i]} for name, values in given.items() if values} for i, o in enumerate(both)
    }


@pytest.mark.parametrize(
    "countings, expected",
    [
        (((2.0, 3.0), (2.0, 3.0), (2.01, 3.0)), HOLDS),
        (((2.0, 3.0), (3.0, 4.0), (6.0, 7.0)), IN_PART),
        (((2.0, 3.0), (2.0, 3.0), (2.04, 3.0)), IN_PART),
        (((2.0, 3.0), (2.0, 3.0), (2.03, 3.0)), ROUGHLY),
        (((2.0, 3.2), (3.0, 4.0), (6.0, 7.0)), NO),
        (((2.0, 3.0), (2.0, 3.0)), IN_PART),
        (((2.0, 3.2), (3.0, 4.0)), OPEN),
    ],
)
def test_each_verdict(countings, expected):
    assert claim.decide(found(*countings)).word == expected


def test_it_is_measured_from_a_million_parameters_on():
    memory = rows("sgd_momentum", SIZES) + rows("adam", SIZES)
    other = temporaries("sgd_momentum", SIZES) + temporaries("adam", SIZES)
    numbers = claim.measure(evidence(memory, other))
    assert numbers["adam"][ALONE] == {10**6: 3.0, 10**7: 3.0}
    assert numbers["sgd_momentum"][GRADIENTS] == {10**6: 3.0, 10**7: 3.0}
    assert numbers["adam"][PEAK][10**7] == pytest.approx(7, rel=0.01)
    verdict = claim.decide(numbers)
    assert verdict.word == IN_PART and "2.00 and 3.00" in verdict.text
    assert dict(verdict.statements) == {ALONE: HOLDS, GRADIENTS: NO, PEAK: NO}


def test_without_rows_there_is_nothing():
    assert claim.measure(evidence()) is None
    assert claim.measure(evidence(rows("adam", (10**4,)) + rows("sgd_momentum", (10**4,)))) is None


CASES = {
    HOLDS: found((2.0, 3.0), (2.0, 3.0), (2.0, 3.0)),
    ROUGHLY: found((2.0, 3.0), (2.0, 3.0), (2.02, 3.04)),
    IN_PART: found((2.0, 3.0), (3.0, 4.0), (6.0, 7.0)),
    NO: found((2.5, 3.5), (3.0, 4.0), (6.0, 7.0)),
    OPEN: found((2.5, 3.5)),
}
SPREAD = {o: {**countings, ALONE: {10**6: 2.0, 10**7: 2.5}} for o, countings in CASES[IN_PART].items()}
