"""C11: 10 to 50 times the NumPy form, on made-up ratios."""

from types import SimpleNamespace

import pytest

from steplab_study.claims import c11_numpy_form as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN
from steplab_study.statistics.intervals import Interval
from steplab_study.studies.numpy_form import FUSED, STEPLAB, TORCH


def found(torch=(), fused=()):
    def cells(form, values):
        return [
            {"form": form, "threads": 1, "n": 10 ** (2 + i), "ratio": Interval(v, v / 1.02, v * 1.02, 5)}
            for i, v in enumerate(values)
        ]

    versions = {form: "2.4" for form in (STEPLAB, TORCH, FUSED)}
    return {
        "cells": cells(STEPLAB, (8, 30)) + cells(TORCH, torch) + cells(FUSED, fused),
        "versions": versions,
    }


@pytest.mark.parametrize(
    "torch, fused, expected",
    [
        ((12, 20, 2), (15, 30, 45), HOLDS),
        ((0.2, 1, 12), (2, 12, 15), IN_PART),
        ((7.5, 8, 9), (60, 7, 9), ROUGHLY),
        ((0.2, 1, 2), (0.5, 3, 4), NO),
        ((0.2, 1, 6.6), (2, 6.6, 10), NO),
        ((0.2, 0.3, 0.4), (0.5, 0.6, 4), OPPOSITE),
        ((), (), OPEN),
    ],
)
def test_each_verdict(torch, fused, expected):
    assert claim.decide(found(torch, fused)).word == expected


def test_it_names_the_framework_and_where_it_holds():
    text = claim.decide(found((0.2, 1, 2), (2, 12, 5))).text
    assert "PyTorch 2.4" in text and "It holds for PyTorch fused at 1 k." in text
    assert "steplab's step is 8.00 to 30.0 times" in text


def test_without_peers_steplabs_ratio_is_still_told():
    text = claim.decide(found()).text
    assert "scripts/setup --peers" in text and "8.00 to 30.0 times" in text


def test_it_needs_the_study():
    assert claim.measure(SimpleNamespace(outcome={}.get)) is None


CASES = {
    HOLDS: found((12, 20, 30)),
    ROUGHLY: found((8, 8, 8)),
    IN_PART: found((0.2, 12)),
    NO: found((1, 2, 3)),
    OPPOSITE: found((0.2, 0.3)),
    OPEN: found(),
}
