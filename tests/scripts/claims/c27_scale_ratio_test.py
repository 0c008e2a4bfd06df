"""C27: parameters of very different scales, on made-up steps."""

import math

import pytest

from steplab_study.claims import c27_scale_ratio as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN

FEWER, SAME, MORE, UNKNOWN = (5.0, 5.0), (1.2, 1.2), (0.5, 0.5), (0.0, math.inf)


def found(gradients, parameters, gradients_rotated, parameters_rotated):
    """Quotients at a ratio of 100 and 1000; what lies below 100 does not count."""
    given = {
        "gradients, aligned": gradients,
        "parameters, aligned": parameters,
        "gradients, rotated": gradients_rotated,
        "parameters, rotated": parameters_rotated,
    }
    return {key: {1: MORE, 100: bounds, 1000: bounds} for key, bounds in given.items()}


@pytest.mark.parametrize(
    "quotients, expected",
    [
        ((FEWER, FEWER, FEWER, FEWER), HOLDS),
        ((FEWER, FEWER, MORE, MORE), IN_PART),
        ((FEWER, SAME, MORE, MORE), IN_PART),
        ((SAME, SAME, FEWER, FEWER), IN_PART),
        ((SAME, SAME, MORE, MORE), NO),
        ((MORE, MORE, MORE, MORE), OPPOSITE),
        (((1.8, 1.8), FEWER, FEWER, FEWER), ROUGHLY),
        ((FEWER, UNKNOWN, FEWER, FEWER), IN_PART),
        ((SAME, UNKNOWN, UNKNOWN, UNKNOWN), OPEN),
    ],
)
def test_each_verdict_can_come_out(quotients, expected):
    assert claim.decide(found(*quotients)).word == expected


def test_every_ratio_from_100_counts():
    one_less = found(FEWER, FEWER, FEWER, FEWER)
    one_less["gradients, aligned"][100] = SAME
    assert claim.decide(one_less).word == IN_PART


def test_an_unfinished_plan_is_not_measured():
    some = found(FEWER, FEWER, FEWER, FEWER)
    del some["parameters, rotated"]
    verdict = claim.decide(some)
    assert verdict.word == IN_PART and "parameters, rotated (not run)" in verdict.why


def test_what_did_not_arrive_gives_a_bound():
    class Evidence:
        @staticmethod
        def outcomes(name):
            arms = {"sgd_momentum": [50.0, math.inf, 40.0], "adam": [math.inf, 20.0, 10.0]}
            return {"x": {"ratios": [1, 10, 100], "horizons": [200, 400, 400], "arms": arms}}

    assert claim.measure(Evidence)["x"] == {1: (0.0, 0.25), 10: (20.0, math.inf), 100: (4.0, 4.0)}


CASES = {
    HOLDS: found(FEWER, FEWER, FEWER, (40.0, math.inf)),
    ROUGHLY: found((1.8, 1.8), FEWER, FEWER, FEWER),
    IN_PART: found(FEWER, FEWER, MORE, SAME),
    NO: found(SAME, SAME, MORE, SAME),
    OPPOSITE: found(MORE, MORE, MORE, (0.0, 0.4)),
    OPEN: found(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
}
SPREAD = found(FEWER, SAME, MORE, (40.0, math.inf))
