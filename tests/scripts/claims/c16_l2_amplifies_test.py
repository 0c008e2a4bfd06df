"""C16: one weight under decay 0.01, on made-up values after 1, 10 and 1000 steps."""

from steplab_study.claims import c16_l2_amplifies as claim
from steplab_study.claims.verdict import HOLDS, IN_PART, NO, OPPOSITE


def found(adam, adamw=(0.8991, 0.099, 0.5)):
    values = {"none": [0.9, 0.1, 0.6], "adam": list(adam), "adamw": list(adamw)}
    return {"lr": 0.1, "weight_decay": 0.01, "steps": [1, 10, 1000], "values": values}


def verdict(*given):
    return claim.decide(found(*given))


def test_more_decay_at_every_count_supports_it():
    assert verdict((0.8, 0.05, 0.1)).word == HOLDS


def test_more_decay_only_later_is_imprecise():
    assert verdict((0.9, 0.1, 0.1)).word == IN_PART


def test_never_more_decay_contradicts_it():
    assert verdict((0.9, 0.1, 0.6)).word == OPPOSITE
    assert verdict((0.8991, 0.099, 0.5)).word == NO


def test_adamws_share_is_a_part_of_its_own():
    assert verdict((0.9, 0.1, 0.6)).statements[1][1] == HOLDS
    assert verdict((0.9, 0.1, 0.6), (0.85, 0.1, 0.6)).statements[1][1] == NO


def test_a_weight_beyond_zero_is_not_more_decayed():
    assert verdict((-1.2, -1.2, -1.2)).word == OPPOSITE


CASES = {
    HOLDS: found((0.8, 0.05, 0.1)),
    IN_PART: found((0.9, 0.1, 0.1)),
    NO: found((0.8991, 0.1, 0.6)),
    OPPOSITE: found((0.9, 0.1, 0.6)),
}
