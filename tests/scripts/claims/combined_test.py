"""One word from several."""

import pytest

from steplab_study.claims.combined import most, overall
from steplab_study.claims.verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED

YES, PARTLY, NO, UNSEEN, UNKNOWN = SUPPORTED, IMPRECISE, CONTRADICTED, NOT_SUPPORTED, NOT_MEASURED


@pytest.mark.parametrize(
    "words, expected",
    [
        ([YES, YES, NO], YES),
        ([YES, NO], PARTLY),
        ([NO, NO, YES], NO),
        ([UNSEEN, NO], UNSEEN),
        ([YES, UNKNOWN], YES),
        ([YES, UNKNOWN, UNKNOWN], UNKNOWN),
        ([], UNKNOWN),
    ],
)
def test_most_cases(words, expected):
    assert most(words) == expected


@pytest.mark.parametrize(
    "words, expected",
    [
        ([YES, YES], YES),
        ([YES, UNKNOWN], PARTLY),
        ([YES, NO], PARTLY),
        ([UNSEEN, NO], UNSEEN),
        ([NO, NO], NO),
        ([NO, UNKNOWN], NO),
        ([UNKNOWN, UNKNOWN], UNKNOWN),
    ],
)
def test_statements_that_all_have_to_hold(words, expected):
    assert overall(words) == expected
