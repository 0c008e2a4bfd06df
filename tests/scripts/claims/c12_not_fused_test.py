"""C12: the same asymptotic memory, on made-up peaks."""

import pytest
from memory_rows import evidence, rows, temporaries

from steplab_study.claims import c12_not_fused as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO

SIZES = (10**5, 10**6, 10**7)


def found(fused, temporaries, order=1.0):
    forms = {"fused": {"slope": fused, "order": 1.0}, "temporaries": {"slope": temporaries, "order": order}}
    return {"adam": {"sizes": list(SIZES), **forms}}


@pytest.mark.parametrize(
    "numbers, expected",
    [
        (found(16, 16.5), HOLDS),
        (found(16, 28), HOLDS),
        (found(16, 28, order=1.06), ROUGHLY),
        (found(16, 16, order=1.2), NO),
    ],
)
def test_each_verdict(numbers, expected):
    assert claim.decide(numbers).word == expected


def test_the_constant_part_is_no_slope():
    numbers = claim.measure(evidence(rows("adam", SIZES), temporaries("adam", SIZES)))
    assert numbers["adam"]["fused"]["slope"] == pytest.approx(16)
    assert numbers["adam"]["temporaries"]["slope"] == pytest.approx(28)
    assert "28.0 B with temporaries (1.75 times)" in claim.decide(numbers).text


def test_a_peak_that_grows_with_the_square_contradicts_it():
    other = temporaries("adam", SIZES)
    for row in other:
        row["resident_peak_growth_bytes"] = row["n"] ** 2
    assert claim.decide(claim.measure(evidence(rows("adam", SIZES), other))).word == NO


def test_a_constant_factor_is_a_statement_of_its_own():
    assert dict(claim.decide(found(16, 28)).statements) == {
        "the same exponent": HOLDS, "the same bytes per parameter": NO
    }


def test_one_size_is_no_slope():
    assert claim.measure(evidence(rows("adam", (10**6,)), temporaries("adam", (10**6,)))) is None


CASES = {
    HOLDS: found(16, 28),
    ROUGHLY: found(16, 28, order=1.06),
    IN_PART: {**found(16, 28), "sgd_momentum": found(12, 20, order=1.3)["adam"]},
    NO: found(16, 28, order=2.0),
}
