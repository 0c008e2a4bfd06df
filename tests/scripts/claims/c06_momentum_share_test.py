"""C06: what a momentum of 0.9 keeps and adds, on made-up numbers."""

from steplab_study.claims import c06_momentum_share as claim
from steplab_study.claims.verdict import HOLDS, IN_PART, NO


def found(coefficient, gain, kept=0.9):
    arm = {"kept": kept, "coefficient": coefficient, "gain": gain}
    return {"momentum": 0.9, "steps": 200, "stated": arm, "dampened": arm}


def word(*numbers):
    return claim.decide(found(*numbers)).word


def test_a_coefficient_of_one_contradicts_it():
    assert word(1.0, 10.0) == NO


def test_a_tenth_of_the_gradient_and_a_gain_of_one_support_it():
    assert word(0.1, 1.0) == HOLDS


def test_the_coefficient_alone_is_imprecise():
    assert word(0.1, 3.0) == IN_PART
    assert word(0.1, 1.0, 0.8) == IN_PART


def test_another_coefficient_does_not_support_it():
    assert word(0.5, 5.0) == NO


def test_the_text_has_the_numbers():
    assert "adds 1.000 of the gradient" in claim.decide(found(1.0, 10.0)).text


CASES = {HOLDS: found(0.1, 1.0), IN_PART: found(0.1, 3.0), NO: found(1.0, 10.0)}
