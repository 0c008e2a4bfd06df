"""C18: learning rates that are said to work, on made-up bands."""

import pytest

from steplab_study.claims import c18_usual_rates as claim
from steplab_study.claims.verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED
from steplab_study.statistics.intervals import Interval

INSIDE, ABOVE, UNSURE, OPEN = "inside", "above", "unsure", "open"


def case(kind, stated):
    """A band about the stated rates, surely above them, above by less than its interval, or open."""
    first, last = stated
    low = {INSIDE: first / 2, ABOVE: last * 3, UNSURE: last * 1.1, OPEN: first}[kind]
    edge = Interval(low, low / 1.2, low * 1.2, 5)
    upper = Interval(last * 10, last * 9, last * 11, 5)
    return {
        "case": kind,
        "stated": stated,
        "low": None if kind == OPEN else edge,
        "high": upper,
        "steps": 300,
    }


def verdict(sgd, adam, transformers):
    kinds = dict(zip(claim.STATEMENTS, (sgd, adam, transformers)))
    return claim.decide(
        {statement[0]: [case(kind, statement[2]) for kind in row] for statement, row in kinds.items()}
    )


@pytest.mark.parametrize(
    "kinds, expected",
    [
        ([INSIDE, INSIDE, ABOVE], SUPPORTED),
        ([INSIDE, ABOVE, ABOVE, UNSURE], IMPRECISE),
        ([ABOVE, ABOVE, INSIDE], CONTRADICTED),
        ([UNSURE, UNSURE, ABOVE], NOT_SUPPORTED),
        ([OPEN, OPEN, INSIDE], NOT_MEASURED),
        ([], NOT_MEASURED),
    ],
)
def test_each_word_can_come_out_of_a_statement(kinds, expected):
    assert verdict(kinds, [INSIDE], [INSIDE]).statements[0] == ("SGD at 0.001–0.1", expected)


def test_all_three_statements_have_to_hold():
    assert verdict([INSIDE], [INSIDE], [INSIDE]).word == SUPPORTED
    assert verdict([INSIDE], [ABOVE], [INSIDE]).word == IMPRECISE
    assert verdict([ABOVE], [ABOVE], [ABOVE]).word == CONTRADICTED
    assert verdict([], [], []).word == NOT_MEASURED


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

    found = claim.measure(Evidence)
    assert [len(cases) for cases in found.values()] == [4, 2, 1]
    assert found["Adam at 0.001"][0]["low"].value == pytest.approx(1e-4, rel=0.05)
    words = [word for _, word in claim.decide(found).statements]
    assert words == [SUPPORTED, SUPPORTED, CONTRADICTED]
