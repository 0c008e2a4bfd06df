"""C12: the same asymptotic memory, on made-up peaks."""

import pytest
from memory_rows import evidence, rows, temporaries

from steplab_study.claims import c12_not_fused as claim
from steplab_study.claims.verdict import CONTRADICTED, IMPRECISE, SUPPORTED

SIZES = (10**5, 10**6, 10**7)


def found(fused, temporaries, order=1.0):
    forms = {"fused": {"slope": fused, "order": 1.0}, "temporaries": {"slope": temporaries, "order": order}}
    return {"adam": {"sizes": list(SIZES), **forms}}


@pytest.mark.parametrize(
    "numbers, expected",
    [
        (found(16, 16.5), SUPPORTED),
        (found(16, 28), IMPRECISE),
        (found(16, 16, order=1.2), CONTRADICTED),
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
    assert claim.decide(claim.measure(evidence(rows("adam", SIZES), other))).word == CONTRADICTED


def test_one_size_is_no_slope():
    assert claim.measure(evidence(rows("adam", (10**6,)), temporaries("adam", (10**6,)))) is None
