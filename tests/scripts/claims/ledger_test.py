"""The ledger is complete: every claim has its file, its rule, its needs, its figure and its test."""

import math

import pytest

from steplab_study import claims, figures
from steplab_study.claims.verdict import (
    HOLDS,
    IN_PART,
    NO,
    OPEN,
    OPPOSITE,
    ROUGHLY,
    Verdict,
    at_least,
    at_most,
    in_range,
    within,
)
from steplab_study.cli.selection import all_parts, claims_named, parts_of
from steplab_study.statistics.intervals import Interval


def test_there_are_39_claims_in_order():
    assert [claim.id for claim in claims.ALL] == [f"C{n:02}" for n in range(1, 40)]
    assert len({claim.sentence for claim in claims.ALL}) == 39


@pytest.mark.parametrize("claim", claims.ALL, ids=lambda claim: claim.id)
def test_a_claim_says_what_it_needs_and_how_it_is_decided(claim):
    assert claim.__name__.rpartition(".")[2].startswith(f"{claim.id.lower()}_")
    assert claim.sentence.endswith(".") and claim.rule.endswith(".") and len(claim.rule) > 40
    assert claim.needs and set(claim.needs) <= set(all_parts())
    assert claim.figure is None or claim.figure in {figure.name for figure in figures.ALL}


def test_what_some_claims_need_is_named_once_in_the_studys_order():
    chosen = claims_named("C08,C01,C36")
    assert [claim.id for claim in chosen] == ["C01", "C08", "C36"]
    assert list(parts_of(chosen)) == [p for p in all_parts() if any(p in c.needs for c in chosen)]


def interval(low, high):
    return Interval((low + high) / 2, low, high, 6)


@pytest.mark.parametrize(
    "ends, expected",
    [
        ((1.12, 1.28), HOLDS),
        ((1.08, 1.28), ROUGHLY),
        ((1.25, 1.5), OPEN),
        ((0.9, 1.6), OPEN),
        ((1.5, 1.6), NO),
        ((1.5, 9.0), NO),
        ((2.1, math.inf), NO),
        ((1.01, 1.04), NO),
        ((0.8, 0.9), OPPOSITE),
        ((-math.inf, 0.9), OPPOSITE),
        ((-math.inf, math.inf), OPEN),
        ((1.2, math.inf), OPEN),
    ],
)
def test_the_general_rule_excludes_before_it_asks_for_the_width(ends, expected):
    assert in_range(interval(*ends), 1.1, 1.3, neutral=1.0) == expected


@pytest.mark.parametrize(
    "ends, expected",
    [
        ((2.0, math.inf), HOLDS),
        ((1.7, 1.9), ROUGHLY),
        ((1.2, 1.6), NO),
        ((0.5, 0.9), OPPOSITE),
        ((1.2, 3.0), OPEN),
    ],
)
def test_at_least_twice_of_what_has_no_effect_at_one(ends, expected):
    assert at_least(interval(*ends), 2.0, neutral=1.0) == expected


@pytest.mark.parametrize(
    "ends, expected",
    [((-0.9, -0.5), HOLDS), ((-0.5, -0.4), ROUGHLY), ((-0.3, 0.1), NO), ((0.1, 0.2), OPPOSITE)],
)
def test_at_most_a_negative_slope(ends, expected):
    assert at_most(interval(*ends), -0.5, neutral=0.0) == expected


@pytest.mark.parametrize("ends, expected", [((-1, 0.01), HOLDS), ((0, 0.014), ROUGHLY), ((0.016, 9), NO)])
def test_at_most_a_loss(ends, expected):
    assert at_most(interval(*ends), 0.01) == expected


def test_no_interval_is_no_measurement():
    assert in_range(None, 1.1, 1.3) == OPEN
    assert in_range(Interval(1.2, 0.0, math.inf, 1), 1.1, 1.3) == OPEN
    assert in_range(Interval(math.nan, math.nan, math.nan, 1), 1.1, 1.3) == OPEN


def test_exact_values_are_held_to_a_share():
    assert [within(value, 2.0, 0.01) for value in (2.01, 1.975, 2.1)] == [HOLDS, ROUGHLY, NO]


def test_an_unknown_word_is_no_verdict():
    with pytest.raises(ValueError, match="unknown verdict 'true'"):
        Verdict("true", "text")


@pytest.mark.parametrize("word, why", [(OPEN, ""), (IN_PART, ""), (HOLDS, "because")])
def test_an_open_verdict_says_why_one_in_part_where_and_no_other(word, why):
    with pytest.raises(ValueError, match=f"'{word}' needs"):
        Verdict(word, "text", why=why)


def test_the_condition_stands_behind_the_word():
    assert Verdict(OPEN, "text", why="not run").condition == " (not run)"
    assert Verdict(NO, "text").condition == ""
