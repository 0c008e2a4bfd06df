"""C11: 10 to 50 times the NumPy form, on made-up ratios."""

from types import SimpleNamespace

import pytest

from steplab_study.claims import c11_numpy_form as claim
from steplab_study.claims.verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED
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
        ((12, 20, 2), (15, 30, 45), SUPPORTED),
        ((0.2, 1, 2), (2, 12, 5), IMPRECISE),
        ((7.5, 8, 9), (60, 7, 9), IMPRECISE),
        ((0.2, 1, 2), (0.5, 3, 4), CONTRADICTED),
        ((0.2, 1, 10), (2, 10, 10), NOT_SUPPORTED),
        ((), (), NOT_MEASURED),
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
