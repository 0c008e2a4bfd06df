"""C08: 30 to 50 % fewer steps, on made-up numbers."""

import math
from types import SimpleNamespace

import pytest

from steplab_study.claims import c08_fewer_steps as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN
from steplab_study.statistics.intervals import Interval

WORKLOADS = ("mlp", "cnn", "transformer")


def saved(value, half=0.02):
    return None if value is None else Interval(value, value - half, value + half, 20)


def found(constant, cosine=None, half=0.02):
    """One size of each workload; a list of values is a size each."""

    def protocol(values):
        rows = {w: v if isinstance(v, list) else [v] for w, v in zip(WORKLOADS, values)}
        return {w: {f"{w}/s{i}": saved(v, half) for i, v in enumerate(row)} for w, row in rows.items()}

    both = {"constant": constant, "cosine": cosine}
    return {name: protocol(values) for name, values in both.items() if values}


def word(*given):
    return claim.decide(found(*given)).word


def test_both_protocols_in_the_claimed_range_support_it():
    assert word((0.35, 0.1, 0.45), (0.33, 0.4, 0.47)) == HOLDS


def test_one_protocol_alone_is_at_most_imprecise():
    assert word((0.35, 0.4, 0.45), (0.15, 0.12, 0.2)) == IN_PART
    assert word((0.35, 0.4, 0.45)) == IN_PART


def test_vision_alone_does_not_support_it():
    verdict = claim.decide(found((0.35, 0.4, 0.8), (0.35, 0.4, 0.8)))
    assert verdict.word == IN_PART and "not on language" in verdict.why


def test_no_gain_contradicts_it_and_little_does_not_support_it():
    assert word((-0.2, -0.1, -0.1), (-0.1, -0.3, -0.2)) == OPPOSITE
    assert word((0.05, 0.02, 0.08), (0.05, 0.0, 0.02)) == NO


def test_a_workload_is_the_unit_not_its_sizes():
    assert word(([0.35, 0.4, 0.45, 0.4], 0.1, 0.05), (0.1, 0.1, 0.1)) == NO
    assert word(([0.1, 0.15, 0.1, 0.1], 0.4, 0.4), (0.4, 0.4, 0.4)) == HOLDS


def test_an_interval_without_end_is_excluded_where_it_lies_outside():
    never = {"mlp": {"mlp/s0": Interval(-math.inf, -math.inf, -1.1, 20)}}
    rest = found((-0.5, -0.5, -0.5))["constant"]
    verdict = claim.decide({"constant": {**rest, **never}, "cosine": rest})
    assert verdict.word == OPPOSITE and "-∞" in verdict.text


def test_without_language_it_is_not_measured():
    verdict = claim.decide({"constant": {"mlp": {"mlp/small": saved(0.4)}}})
    assert verdict.word == OPEN and "language: not run" in verdict.why


def test_a_ratio_of_steps_is_turned_into_a_share_saved():
    def ratio(top, bottom, level):
        assert level == 0.99
        return Interval(0.6, 0.5, math.inf, 20)

    common = {"schedule": "constant", "workload": "mlp", "steps_ratio": ratio}
    some = SimpleNamespace(name="mlp/small", clipped=False, **common)
    clipped = SimpleNamespace(name="mlp/medium", clipped=True, **common)
    measured = claim.measure(SimpleNamespace(rankings=[some, clipped]))["constant"]
    assert measured == {"mlp": {"mlp/small": Interval(pytest.approx(0.4), -math.inf, 0.5, 20)}}
    assert claim.measure(SimpleNamespace(rankings=[clipped])) is None


def test_the_headline_leaves_out_where_one_never_arrives():
    some = found((0.35, 0.1, 0.45))
    some["constant"]["mlp"] = {"mlp/s0": Interval(1.0, 0.2, 1.0, 20)}
    told = claim.headline(some)
    assert "45 % fewer steps than SGD with momentum on the transformer, and 10 % fewer on the CNN" in told


def test_the_text_has_the_numbers():
    text = claim.decide(found((0.35, 0.1, 0.45))).text
    assert "MLP/s0 35 [33, 37] %" in text and "transformer/s0 45 [43, 47] %" in text


CASES = {
    HOLDS: found((0.35, 0.4, 0.45), (0.35, 0.4, 0.45)),
    ROUGHLY: found((0.28, 0.28, 0.28), (0.28, 0.28, 0.28)),
    IN_PART: found((0.35, 0.4, 0.45), (0.1, 0.1, 0.1)),
    NO: found((0.1, 0.1, 0.1), (0.05, 0.05, 0.05)),
    OPPOSITE: found((-0.2, -0.1, -0.1), (-0.2, -0.1, -0.1)),
    OPEN: found((0.4, 0.4, None), (0.4, 0.4, 0.4), 0.4),
}
