"""C32: momentum and the sensitivity, on made-up widths."""

import pytest

from steplab_study.claims import c32_momentum_sensitivity as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN
from steplab_study.statistics.intervals import Interval

WIDER, A_LITTLE, SAME, NARROWER, LOOSE = (1.3, 1.8), (1.08, 1.5), (0.95, 1.05), (0.5, 0.8), (0.5, 2.0)
NARROW, BROAD, EITHER, UNSURE = (0.4, 0.9), (3.2, 4.0), (1.5, 2.5), (1.5, 3.5)


def found(*cases):
    def given(ends):
        return ends and Interval(sum(ends) / 2, *ends, 5)

    return {"cases": [{"problem": "mlp/small", "ratio": given(r), "width": given(w)} for r, w in cases]}


def verdict(*cases):
    return claim.decide(found(*cases))


@pytest.mark.parametrize(
    "case, helps, remains, overall",
    [
        ((WIDER, NARROW), HOLDS, HOLDS, HOLDS),
        ((A_LITTLE, NARROW), ROUGHLY, HOLDS, ROUGHLY),
        ((SAME, NARROW), NO, HOLDS, IN_PART),
        ((NARROWER, BROAD), OPPOSITE, NO, NO),
        ((SAME, BROAD), NO, NO, NO),
        ((WIDER, EITHER), HOLDS, ROUGHLY, ROUGHLY),
        ((SAME, UNSURE), NO, OPEN, OPEN),
        ((LOOSE, NARROW), OPEN, HOLDS, IN_PART),
        ((None, None), OPEN, OPEN, OPEN),
    ],
)
def test_each_verdict_can_come_out(case, helps, remains, overall):
    whole = verdict(case)
    assert [word for _, word in whole.statements] == [helps, remains]
    assert whole.word == overall


def test_two_thirds_of_the_workloads_decide():
    assert verdict((WIDER, NARROW), (WIDER, NARROW), (SAME, NARROW)).word == HOLDS
    assert verdict((WIDER, NARROW), (SAME, NARROW), (NARROWER, NARROW)).statements[0][1] == NO
    assert verdict((WIDER, NARROW), (SAME, NARROW)).statements[0][1] == IN_PART


def test_it_can_hold_although_the_grid_has_a_step():
    def arm(decades):
        points = [*range(-12, 13)]
        return {"points": points, "losses": [[1 + 0.05 * (k / (2 * decades)) ** 2] * 8 for k in points]}

    class Evidence:
        @staticmethod
        def outcomes(name):
            return {"a": {"problem": "mlp/small", "arms": {"sgd": arm(1.0), "sgd_momentum": arm(1.5)}}}

    measured = claim.measure(Evidence)
    assert measured["cases"][0]["width"].high > 1.6  # of 1.5: the grid's step
    assert claim.decide(measured).word == HOLDS


def test_a_width_alone_still_tells_how_much_remains():
    some = found((None, NARROW))
    assert claim.decide(some).word == IN_PART and "0.65 decades wide" in claim.headline(some)


CASES = {
    HOLDS: found((WIDER, NARROW)),
    ROUGHLY: found((A_LITTLE, EITHER)),
    IN_PART: found((SAME, NARROW)),
    NO: found((NARROWER, BROAD)),
    OPEN: found((LOOSE, UNSURE)),
}
SPREAD = found((WIDER, NARROW), (LOOSE, UNSURE), (None, UNSURE))
