"""C11: what compilation gains over the form that allocates every result."""

import math

from ..statistics.intervals import Interval
from ..studies import numpy_form
from ..wording.labels import count_label
from ..wording.numbers import listing, number, span
from .combined import combined, counted
from .verdict import HOLDS, IN_PART, NO, OPEN, OPPOSITE, ROUGHLY, Verdict, in_range, of_interval, verdict_of

id = "C11"
sentence = "A framework's compiled optimizer step is 10 to 50 times as fast as the NumPy form."
rule = (
    "Seconds of NumPy's form of Adam ÷ those of PyTorch's Adam, default and fused, per size from 1e2 on and "
    "with one thread and all, 99 % intervals. Two thirds of the decided cells give the word: holds in [10, "
    "50], roughly within 1.5 times that range on the scale of factors, no outside it, opposite if NumPy's "
    "form is faster; in part where only some cells fit; open without PyTorch, which the claim is about."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN)
needs, figure = ("numpy_form",), "numpy_form"
(LOW, HIGH), LEVEL = numpy_form.CLAIMED, 0.99


def measure(evidence):
    outcome = evidence.outcome("numpy_form")
    if outcome is None:
        return None
    return {"cells": numpy_form.ratios(outcome, LEVEL), "versions": outcome["versions"]}


def decide(found):
    ours = _of(found, (numpy_form.STEPLAB,))
    cells = _of(found, numpy_form.FRAMEWORKS)
    beside = f" steplab's step is {_span(ours)} times as fast as NumPy's form." if ours else ""
    if not cells:
        why = "PyTorch is not installed to stand beside"
        return Verdict(OPEN, f"{why} (./scripts/setup --peers).{beside}", why=why)
    judged = [of_interval(_label(c), c["ratio"], _word(c["ratio"])) for c in cells]
    fits = [c for c, cell in zip(cells, judged) if cell.word == HOLDS]
    version = next(found["versions"][form] for form in numpy_form.FRAMEWORKS if form in found["versions"])
    told = "; ".join(f"{form} {_span(of)} times" for form, of in _by_form(cells).items())
    holds = f" It holds for {_conditions(fits)}." if fits else ""
    words = counted([cell.word for cell in judged])
    text = f"NumPy's form ÷ PyTorch {version}, {_sizes(cells)}: {told} ({words}).{holds}{beside}"
    return verdict_of(combined(id, judged), text)


def headline(found):
    cells = _of(found, numpy_form.FRAMEWORKS)
    if not cells:
        return "Open: PyTorch, which the claim is about, is not installed here."
    values = [c["ratio"].value for c in cells]
    told = f"{span(values, 2)} times as fast as the NumPy form"
    return f"PyTorch's Adam step is {told}; {LOW} to {HIGH} is claimed."


def _of(found, forms):
    return [c for c in found["cells"] if c["form"] in forms and c["ratio"] is not None]


def _word(ratio):
    """On the scale of factors, where 1.5 times the range is as far below as above."""
    logs = Interval(*map(math.log, (ratio.value, ratio.low, ratio.high)), ratio.count)
    return in_range(logs, math.log(LOW), math.log(HIGH), neutral=0.0)


def _label(cell):
    return f"{cell['form']} at {count_label(cell['n'])}{_threads(cell)}"


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
