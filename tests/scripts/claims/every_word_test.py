"""Every claim's rule can give each of the words that it names, and every headline can be read."""

import importlib
import re

import pytest

from steplab_study import claims
from steplab_study.claims.verdict import DECIDED, HOLDS, IN_PART, NO, OPEN

MOST_WORDS, MOST_NUMBERS = 25, 3
NUMBER = r"[-−]?\d[\d.]*(?:e-?\d+)?"
INTERVAL = re.compile(rf"{NUMBER}( \[{NUMBER}, {NUMBER}\]|(?: %)? to {NUMBER}|–{NUMBER})")


def cases(claim):
    """{word: made-up data} of the claim's own test."""
    return importlib.import_module(f"{claim.__name__.rpartition('.')[2]}_test").CASES


def numbers_in(sentence):
    """How many numbers a sentence has: an interval counts as one, and so does the 2 of 'β2' as none."""
    return len(re.findall(rf"(?<![\w.]){NUMBER}", INTERVAL.sub("1", sentence)))


def of_many_cells(claim):
    """Made-up data whose numbers spread, for the longest headline; else what holds."""
    module = importlib.import_module(f"{claim.__name__.rpartition('.')[2]}_test")
    return getattr(module, "SPREAD", module.CASES[HOLDS])


EVERY = [pytest.param(claim, word, id=f"{claim.id}-{word}") for claim in claims.ALL for word in claim.words]


@pytest.mark.parametrize("claim", claims.ALL, ids=lambda claim: claim.id)
def test_a_rule_names_its_words_and_has_data_for_each(claim):
    assert {HOLDS, NO} <= set(claim.words) and set(cases(claim)) == set(claim.words)
    for word in claim.words:
        assert re.search(rf"\b{word}\b", claim.rule, re.IGNORECASE), word
    for word in {*DECIDED, OPEN} - {*claim.words, NO}:
        assert not re.search(rf"\b{word}\b", claim.rule, re.IGNORECASE), word


@pytest.mark.parametrize("claim, word", EVERY)
def test_a_rule_gives_each_of_its_words(claim, word):
    verdict = claim.decide(cases(claim)[word])
    assert verdict.word == word
    assert bool(verdict.why) == (word in (OPEN, IN_PART))
    assert verdict.text.endswith(".") and "None" not in verdict.text


@pytest.mark.parametrize("claim, word", EVERY)
def test_a_headline_is_one_short_sentence_with_few_numbers(claim, word):
    told = claim.headline(cases(claim)[word])
    assert len(told.split()) <= MOST_WORDS, told
    assert numbers_in(told) <= MOST_NUMBERS, told
    assert told.startswith("Open: ") == (word == OPEN), told
    assert re.fullmatch(r"[A-Z][^\n]*[^.]\.", told) and ". " not in told, told


@pytest.mark.parametrize("claim", claims.ALL, ids=lambda claim: claim.id)
def test_a_headline_stays_short_where_cells_differ(claim):
    told = claim.headline(of_many_cells(claim))
    assert len(told.split()) <= MOST_WORDS and numbers_in(told) <= MOST_NUMBERS, told


def test_an_interval_counts_as_one_number():
    assert numbers_in("At β2 = 0.9 it is 1.2 [1.1, 1.3] to C09, 3 to 5 % and 7–9.") == 4


@pytest.mark.parametrize("claim", claims.ALL, ids=lambda claim: claim.id)
def test_data_is_not_changed_by_being_judged(claim):
    for found in cases(claim).values():
        before = repr(found)
        claim.decide(found), claim.headline(found)
        assert repr(found) == before


class Nothing:
    """Evidence of a run that measured nothing."""

    rankings = ()
    benchmarks = type("Results", (), {"memory": [], "temporaries": [], "step_cells": [], "caches": []})

    def outcomes(self, name):
        return {}

    def outcome(self, name):
        return None


@pytest.mark.parametrize("claim", claims.ALL, ids=lambda claim: claim.id)
def test_what_was_not_run_is_open_and_says_what_it_needs(claim):
    verdict = claims.judge(claim, Nothing())
    assert verdict.word == OPEN and verdict.why == "not run"
    assert all(need in verdict.text for need in claim.needs)
    assert len(verdict.headline.split()) <= MOST_WORDS


@pytest.mark.parametrize("claim", claims.ALL, ids=lambda claim: claim.id)
def test_a_judged_claim_carries_its_headline(claim, monkeypatch):
    found = cases(claim)[HOLDS]
    monkeypatch.setattr(claim, "measure", lambda evidence: found)
    assert claims.judge(claim, None).headline == claim.headline(found)
