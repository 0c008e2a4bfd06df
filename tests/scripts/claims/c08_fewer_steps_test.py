"""C08: 30 to 50 % fewer steps, on made-up numbers."""

from steplab_study.claims import c08_fewer_steps as claim
from steplab_study.claims.verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED

WORKLOADS = {"mlp/small": "mlp", "cnn/small": "cnn", "transformer/small": "transformer"}


def found(constant, cosine=None):
    names = list(WORKLOADS)
    saved = {"constant": dict(zip(names, constant))}
    if cosine:
        saved["cosine"] = dict(zip(names, cosine))
    return {"saved": saved, "workloads": WORKLOADS}


def word(*saved):
    return claim.decide(found(*saved)).word


def test_both_protocols_in_the_claimed_range_support_it():
    assert word((0.35, 0.1, 0.45), (0.3, 0.4, 0.5)) == SUPPORTED


def test_one_protocol_alone_is_at_most_imprecise():
    assert word((0.35, 0.4, 0.45), (0.15, 0.12, 0.2)) == IMPRECISE
    assert word((0.35, 0.4, 0.45)) == IMPRECISE


def test_vision_alone_does_not_support_it():
    assert word((0.35, 0.4, 0.8), (0.35, 0.4, 0.8)) == IMPRECISE


def test_no_gain_contradicts_it_and_little_does_not_support_it():
    assert word((-0.2, 0.0, -0.1), (-0.1, 0.0, 0.0)) == CONTRADICTED
    assert word((0.05, 0.02, 0.08), (0.05, 0.0, 0.02)) == NOT_SUPPORTED


def test_without_language_it_is_not_measured():
    assert (
        claim.decide({"saved": {"constant": {"mlp/small": 0.4}}, "workloads": WORKLOADS}).word == NOT_MEASURED
    )


def test_the_text_has_the_numbers():
    text = claim.decide(found((0.35, 0.1, 0.45))).text
    assert "median 35 %" in text and "10 % to 45 %" in text and "3 problems" in text
