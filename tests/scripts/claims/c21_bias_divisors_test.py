"""C21: sizes of the bias corrections, on made-up divisors."""

from steplab_study.claims import c21_bias_divisors as claim
from steplab_study.claims.verdict import HOLDS, IN_PART, NO

STEPS = [1, 2, 10, 100, 1000]


def found(m=(0.1, 0.19, 0.651, 1.0, 1.0), v=(0.03, 0.04, 0.1, 0.31, 0.8)):
    return {"steps": STEPS, "beta1": 0.9, "beta2": 0.999, "m": list(m), "v": list(v)}


def verdict(**given):
    return claim.decide(found(**given))


def test_both_negligible_at_100_support_it():
    assert verdict(v=(0.3, 0.4, 0.8, 0.995, 1.0)).word == HOLDS


def test_m_alone_is_imprecise():
    assert verdict().word == IN_PART
    assert [word for _, word in verdict().statements] == [HOLDS, HOLDS, NO]


def test_other_divisors_of_m_contradict_it():
    assert verdict(m=(0.2, 0.3, 0.651, 1.0, 1.0)).word == NO
    assert verdict(m=(0.1, 0.19, 0.651, 0.9, 1.0)).word == NO


CASES = {
    HOLDS: found(v=(0.3, 0.4, 0.8, 0.995, 1.0)),
    IN_PART: found(),
    NO: found(m=(0.2, 0.3, 0.651, 1.0, 1.0)),
}
