"""C25: gradients without zero_grad, on made-up counts."""

from steplab_study.claims import c25_zero_grad as claim
from steplab_study.claims.verdict import HOLDS, NO


def found(forgotten, zeroed):
    return {"gradients": 16, "forgotten": forgotten, "zeroed": zeroed}


def word(*counts):
    return claim.decide(found(*counts)).word


def test_exact_sums_and_a_control_that_forgets_support_it():
    assert word(16, 16) == HOLDS


def test_one_other_sum_contradicts_it():
    assert word(15, 16) == NO


def test_a_control_that_adds_too_contradicts_it():
    assert word(16, 0) == NO


CASES = {HOLDS: found(16, 16), NO: found(0, 16)}
