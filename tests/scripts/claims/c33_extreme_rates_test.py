"""C33: rates too large and too small, on made-up runs."""

import pytest

from steplab_study.claims import c33_extreme_rates as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN
from steplab_study.statistics.intervals import Interval

AT_TWO, EARLIER, ELSEWHERE = (1.98, 2.02), (1.5, 1.6), (0.5, 0.6)
WORSE, SAME, BETTER = (1.2, 1.4), (0.99, 1.02), (0.8, 0.9)


def found(threshold, slow=None, late=None):
    def ratio(ends):
        return Interval(sum(ends) / 2, *ends, 5)

    small = None
    if slow:
        small = {"rate": 0.1, "best_rate": 1.6, "longer": 16, "slow": ratio(slow), "late": ratio(late)}
    stable_and_diverged = threshold and dict(zip(("stable", "diverged"), threshold))
    return {"threshold": stable_and_diverged, "small": small}


@pytest.mark.parametrize(
    "threshold, slow, late, large, small, overall",
    [
        (AT_TWO, WORSE, WORSE, HOLDS, HOLDS, HOLDS),
        (AT_TWO, WORSE, BETTER, HOLDS, IN_PART, IN_PART),
        (EARLIER, WORSE, WORSE, ROUGHLY, HOLDS, ROUGHLY),
        (ELSEWHERE, SAME, SAME, NO, NO, NO),
        ((3.0, None), BETTER, BETTER, NO, OPPOSITE, NO),
        ((2.1, 1.9), SAME, BETTER, NO, NO, NO),
        (AT_TWO, None, None, HOLDS, OPEN, IN_PART),
        (None, None, None, OPEN, OPEN, OPEN),
    ],
)
def test_each_verdict_can_come_out(threshold, slow, late, large, small, overall):
    verdict = claim.decide(found(threshold, slow, late))
    assert [word for _, word in verdict.statements] == [large, small]
    assert verdict.word == overall


def test_losses_are_paired_by_seed_and_rates_bracket_the_threshold():
    small = {
        "best_rate": 0.16,
        "rate": 0.01,
        "longer": 16,
        "best": [1.0, 2.0, 3.0],
        "same_steps": [2.0, 4.0, 6.0],
        "more_steps": [0.5, 1.0, 1.5],
    }

    class Evidence:
        @staticmethod
        def outcomes(name):
            rows = [{"rate": rate, "diverged": rate > 2} for rate in (1.0, 1.98, 2.02)]
            return {
                "valley": {"threshold": rows},
                "lr_sensitivity": {"a": {"small_rate": None}, "b": {"small_rate": small}},
            }[name]

    measured = claim.measure(Evidence)
    assert measured["threshold"] == {"stable": 1.98, "diverged": 2.02}
    assert measured["small"]["slow"].value == pytest.approx(2)
    assert measured["small"]["late"].high == pytest.approx(0.5)
    assert claim.decide(measured).word == IN_PART


CASES = {
    HOLDS: found(AT_TWO, WORSE, WORSE),
    ROUGHLY: found(EARLIER, WORSE, WORSE),
    IN_PART: found(AT_TWO, WORSE, BETTER),
    NO: found(ELSEWHERE, SAME, SAME),
    OPEN: found(None, (0.9, 1.3), (0.9, 1.3)),
}
