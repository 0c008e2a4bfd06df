"""C18: learning rates that are said to work, on made-up bands."""

import pytest

from steplab_study.claims import c18_usual_rates as claim
from steplab_study.claims.verdict import HOLDS, IN_PART, NO, OPEN
from steplab_study.statistics.intervals import Interval

INSIDE, ABOVE, UNSURE, OPEN_EDGE = "inside", "above", "unsure", "open edge"


def case(kind, stated):
    """A band about the stated rates, surely above them, above by less than its interval, or open."""
    first, last = stated
    low = {INSIDE: first / 2, ABOVE: last * 3, UNSURE: last * 1.1, OPEN_EDGE: first}[kind]
    edge = Interval(low, low / 1.2, low * 1.2, 5)
    upper = Interval(last * 10, last * 9, last * 11, 5)
    return {
        "case": kind,
        "stated": stated,
        "low": None if kind == OPEN_EDGE else edge,
        "high": upper,
        "steps": 300,
    }


def found(sgd, adam, transformers):
    kinds = dict(zip(claim.STATEMENTS, (sgd, adam, transformers)))
    return {statement[0]: [case(kind, statement[2]) for kind in row] for statement, row in kinds.items()}


def verdict(*given):
    return claim.decide(found(*given))


@pytest.mark.parametrize(
    "kinds, expected",
    [
        ([INSIDE, INSIDE, ABOVE], HOLDS),
        ([INSIDE, INSIDE, ABOVE, ABOVE, UNSURE], IN_PART),
        ([ABOVE, ABOVE, INSIDE], NO),
        ([UNSURE, UNSURE, ABOVE], OPEN),
        ([OPEN_EDGE, OPEN_EDGE, INSIDE], OPEN),
        ([], OPEN),
    ],
)
def test_each_word_can_come_out_of_a_statement(kinds, expected):
    assert verdict(kinds, [INSIDE], [INSIDE]).statements[0] == ("SGD at 0.001–0.1", expected)


def test_all_three_statements_have_to_hold():
    assert verdict([INSIDE], [INSIDE], [INSIDE]).word == HOLDS
    assert verdict([INSIDE], [ABOVE], [INSIDE]).word == IN_PART
    assert verdict([ABOVE], [ABOVE], [ABOVE]).word == NO
    assert verdict([], [], []).word == OPEN


def test_the_text_tells_sure_from_perhaps():
    text = verdict([INSIDE], [UNSURE], [ABOVE]).text
    assert "SGD at 0.001–0.1: surely in the near-best band for inside;" in text
    assert "Adam at 0.001: perhaps in the near-best band for unsure;" in text
    assert "transformers at 1e-4–3e-4: outside the near-best band for above;" in text


def test_bands_are_read_from_the_curves_and_warm_up_counts_for_transformers_alone():
    def arm(best):  # in quarter decades
        points = [*range(best - 8, best + 9)]
        return {"points": points, "losses": [[1 + 0.05 * ((k - best) / 4) ** 2] * 3 for k in points]}

    arms = {"sgd": arm(-4), "sgd_momentum": arm(-8), "adam": arm(-12)}
    outcomes = {
        "a": {"problem": "mlp/small", "steps": 10, "arms": arms},
        "b": {"problem": "transformer/small", "steps": 10, "arms": {**arms, "adamw": arm(-4)}},
    }

    class Evidence:
        @staticmethod
        def outcomes(name):
            return outcomes

    measured = claim.measure(Evidence)
    assert [len(cases) for cases in measured.values()] == [4, 2, 1]
    assert measured["Adam at 0.001"][0]["low"].value == pytest.approx(1e-4, rel=0.05)
    words = [word for _, word in claim.decide(measured).statements]
    assert words == [HOLDS, HOLDS, NO]


CASES = {
    HOLDS: found([INSIDE], [INSIDE], [INSIDE]),
    IN_PART: found([INSIDE], [ABOVE], [INSIDE]),
    NO: found([ABOVE], [ABOVE], [ABOVE]),
    OPEN: found([UNSURE], [OPEN_EDGE], []),
}
