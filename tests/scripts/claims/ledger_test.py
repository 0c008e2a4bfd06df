"""The ledger is complete: every claim has its file, its rule, its needs, its figure and its test."""

from pathlib import Path

import pytest

from steplab_study import claims, figures
from steplab_study.claims.verdict import (
    CONTRADICTED,
    IMPRECISE,
    NOT_MEASURED,
    NOT_SUPPORTED,
    SUPPORTED,
    Verdict,
    in_range,
    share_of,
)
from steplab_study.cli.selection import all_parts, claims_named, parts_of
from steplab_study.statistics.intervals import Interval


def test_there_are_39_claims_in_order():
    assert [claim.id for claim in claims.ALL] == [f"C{n:02}" for n in range(1, 40)]
    assert len({claim.sentence for claim in claims.ALL}) == 39


@pytest.mark.parametrize("claim", claims.ALL, ids=lambda claim: claim.id)
def test_a_claim_says_what_it_needs_and_how_it_is_decided(claim):
    assert claim.__name__.rpartition(".")[2].startswith(f"{claim.id.lower()}_")
    assert claim.sentence.endswith(".") and len(claim.rule) > 40
    assert claim.needs and set(claim.needs) <= set(all_parts())
    assert claim.figure is None or claim.figure in {figure.name for figure in figures.ALL}


@pytest.mark.parametrize("claim", claims.ALL, ids=lambda claim: claim.id)
def test_a_claim_has_a_test_of_its_verdicts(claim):
    stem = claim.__name__.rpartition(".")[2]
    text = Path(__file__).with_name(f"{stem}_test.py").read_text()
    assert "SUPPORTED" in text and "decide(" in text


def test_what_some_claims_need_is_named_once_in_the_studys_order():
    chosen = claims_named("C08,C01,C36")
    assert [claim.id for claim in chosen] == ["C01", "C08", "C36"]
    assert list(parts_of(chosen)) == [p for p in all_parts() if any(p in c.needs for c in chosen)]


@pytest.mark.parametrize(
    "ends, expected",
    [
        ((1.12, 1.28), SUPPORTED),
        ((1.08, 1.28), IMPRECISE),
        ((1.25, 1.5), NOT_SUPPORTED),
        ((1.5, 1.6), CONTRADICTED),
        ((0.9, 1.6), NOT_MEASURED),
    ],
)
def test_the_general_rule(ends, expected):
    assert in_range(Interval(sum(ends) / 2, *ends, 6), 1.1, 1.3) == expected


def test_no_interval_is_no_measurement():
    assert in_range(None, 1.1, 1.3) == NOT_MEASURED
    assert in_range(Interval(1.2, 0.0, float("inf"), 1), 1.1, 1.3) == NOT_MEASURED


def test_shares_leave_out_what_was_not_measured():
    assert share_of([SUPPORTED, NOT_MEASURED, IMPRECISE], SUPPORTED) == 0.5
    assert share_of([NOT_MEASURED], SUPPORTED) == 0.0


def test_an_unknown_word_is_no_verdict():
    with pytest.raises(ValueError, match="unknown verdict 'true'"):
        Verdict("true", "text")
