"""C25: gradients without zero_grad, on made-up counts."""

from steplab_study.claims import c25_zero_grad as claim
from steplab_study.claims.verdict import CONTRADICTED, SUPPORTED


def word(forgotten, zeroed):
    return claim.decide({"gradients": 16, "forgotten": forgotten, "zeroed": zeroed}).word


def test_exact_sums_and_a_control_that_forgets_support_it():
    assert word(16, 16) == SUPPORTED


def test_one_other_sum_contradicts_it():
    assert word(15, 16) == CONTRADICTED


def test_a_control_that_adds_too_contradicts_it():
    assert word(16, 0) == CONTRADICTED
