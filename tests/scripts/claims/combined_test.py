"""One word from several."""

import pytest

from steplab_study.claims.combined import combined, counted, spread
from steplab_study.claims.verdict import HOLDS, IN_PART, NO, NOT_RUN, OPEN, OPPOSITE, ROUGHLY, TOO_WIDE, Cell


def cells(*words):
    return [Cell(f"c{i}", word, TOO_WIDE if word == OPEN else "") for i, word in enumerate(words)]


def word(*words, **kind):
    return combined("all", cells(*words), **kind).word


@pytest.mark.parametrize(
    "words, expected",
    [
        ([HOLDS, HOLDS, NO], HOLDS),
        ([HOLDS, NO], IN_PART),
        ([NO, NO, HOLDS], NO),
        ([NO, OPPOSITE], NO),
        ([OPPOSITE, OPPOSITE, NO], OPPOSITE),
        ([HOLDS, ROUGHLY, NO], ROUGHLY),
        ([ROUGHLY, NO], IN_PART),
        ([IN_PART, IN_PART, NO], IN_PART),
        ([HOLDS, OPEN], HOLDS),
        ([HOLDS, OPEN, OPEN], OPEN),
        ([OPEN], OPEN),
        ([], OPEN),
    ],
)
def test_a_word_needs_two_thirds_of_the_decided_cells(words, expected):
    assert word(*words) == expected


@pytest.mark.parametrize(
    "words, expected",
    [
        ([HOLDS, HOLDS], HOLDS),
        ([HOLDS, ROUGHLY], ROUGHLY),
        ([HOLDS, OPEN], IN_PART),
        ([HOLDS, HOLDS, NO], IN_PART),
        ([NO, OPPOSITE], NO),
        ([OPPOSITE, OPPOSITE], OPPOSITE),
        ([NO, OPEN], OPEN),
        ([OPEN, OPEN], OPEN),
    ],
)
def test_statements_that_all_have_to_hold(words, expected):
    assert word(*words, every=True) == expected


def test_too_few_decided_cells_leave_it_open_with_their_number():
    assert word(HOLDS, HOLDS, fewest=3) == OPEN
    found = combined("all", [*cells(HOLDS, OPEN, OPEN), Cell("d", OPEN, NOT_RUN)])
    assert combined("all", cells(HOLDS), fewest=3).why == "1 of 1 decided, 3 are needed"
    assert combined("all", cells(OPEN, OPEN)).why == TOO_WIDE and combined("all", []).why == NOT_RUN
    assert found.why == "1 of 4 decided; open: the interval is too wide (2), not run (1)"


def test_in_part_names_its_conditions():
    found = combined("all", cells(HOLDS, ROUGHLY, NO, NO))
    assert found.why == "holds: c0; roughly: c1; no: c2 and c3"
    alike = [Cell(name, IN_PART, "for m") for name in "ab"]
    assert spread([*alike, Cell("c", OPEN, NOT_RUN)]) == "in part: a and b (for m); open: c (not run)"
    many = spread(cells(*[HOLDS] * 5, OPEN))
    assert many == "holds: 5 of 6; open: c5 (the interval is too wide)"


def test_words_are_counted_in_their_order():
    assert counted([NO, HOLDS, NO, OPEN]) == "1 of 4 holds, 2 of 4 no, 1 of 4 open"
    assert counted([]) == "none"
