"""C11: what compilation gains over the form that allocates every result."""

import math

from ..statistics.intervals import Interval
from ..studies import numpy_form
from ..wording.labels import count_label
from ..wording.numbers import listing, number
from .combined import counted, majority
from .verdict import NOT_MEASURED, SUPPORTED, Verdict, in_range

id = "C11"
sentence = "A framework's compiled optimizer step is 10 to 50 times as fast as the NumPy form."
rule = (
    "Seconds of NumPy's form of Adam ÷ those of PyTorch's Adam, default and fused, per size from 1e2 on and"
    " with one thread and all, 99 % intervals: in [10, 50] on two thirds of the cells; imprecise where it"
    " holds in some. Not measured without PyTorch, which the claim is about."
)
needs, figure = ("numpy_form",), "numpy_form"
(LOW, HIGH), LEVEL = numpy_form.CLAIMED, 0.99


def measure(evidence):
    outcome = evidence.outcome("numpy_form")
    if outcome is None:
        return None
    return {"cells": numpy_form.ratios(outcome, LEVEL), "versions": outcome["versions"]}


def decide(found):
    ours = [c for c in found["cells"] if c["form"] == numpy_form.STEPLAB]
    cells = [c for c in found["cells"] if c["form"] in numpy_form.FRAMEWORKS]
    beside = f" steplab's step is {_span(ours)} times as fast as NumPy's form." if ours else ""
    if not cells:
        return Verdict(
            NOT_MEASURED, f"PyTorch is not installed to stand beside (./scripts/setup --peers).{beside}"
        )
    words = [_word(c["ratio"]) for c in cells]
    fits = [c for c, word in zip(cells, words) if word == SUPPORTED]
    version = next(found["versions"][form] for form in numpy_form.FRAMEWORKS if form in found["versions"])
    told = "; ".join(f"{form} {_span(of)} times" for form, of in _by_form(cells).items())
    holds = f" It holds for {_conditions(fits)}." if fits else ""
    return Verdict(
        majority(words),
        f"NumPy's form ÷ PyTorch {version}, {_sizes(cells)}: {told} ({counted(words)}).{holds}{beside}",
    )


def _word(ratio):
    """On the scale of factors, where 1.5 times the range is as far below as above."""
    logs = (
        None if ratio is None else Interval(*map(math.log, (ratio.value, ratio.low, ratio.high)), ratio.count)
    )
    return in_range(logs, math.log(LOW), math.log(HIGH))


def _by_form(cells):
    found = {}
    for cell in cells:
        found.setdefault(cell["form"], []).append(cell)
    return found


def _span(cells):
    low, high = min(c["ratio"].value for c in cells), max(c["ratio"].value for c in cells)
    return f"{number(low)} to {number(high)}"


def _sizes(cells):
    counts = [c["n"] for c in cells]
    return f"{count_label(min(counts))} to {count_label(max(counts))} parameters"


def _conditions(cells):
    return listing(
        f"{form} at {', '.join(count_label(c['n']) + _threads(c) for c in of)}"
        for form, of in _by_form(cells).items()
    )


def _threads(cell):
    return "" if cell["threads"] == 1 else f" ({cell['threads']} threads)"
