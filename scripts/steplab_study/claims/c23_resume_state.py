"""Resuming without the optimizer's state."""

from ..wording import numbers
from ..wording.labels import optimizer_label, problem_label
from . import excess
from .combined import combined
from .verdict import HOLDS, IN_PART, NO, OPEN, OPPOSITE, ROUGHLY, at_least, said, verdict_of

id = "C23"
sentence = "Optimizer state must be restored when training resumes, even at a tenth of the learning rate."
rule = (
    "Excess of the mean training loss over the 10 steps after a restart without state, paired with the "
    "uninterrupted run, for Adam and SGD-M, 99 % intervals. Two statements, at the same rate and at a tenth: "
    "each holds above 1 % in two thirds of its decided cells, roughly above 0.67 %, is no below that, "
    "opposite below 0, open if too wide. The claim needs both; in part if one or some cells hold."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN)
needs, figure = ("resume",), "resume"
WINDOWS = 1  # of 10 steps


def measure(evidence):
    cells = excess.loss_cells(evidence, ("adam", "sgd_momentum"), "none", WINDOWS)
    return {"cells": cells} if cells else None


def decide(found):
    cells = found["cells"]
    loses = sum(c["excess"] is not None and c["excess"].low > excess.LIMIT for c in cells)
    text = (
        f"Excess loss of the next {cells[0]['steps']} steps without state: {excess.listed(cells, where)}. "
        f"More than 1 % is lost in {loses} of {numbers.plural(len(cells), 'cell')}."
    )
    statements = [
        combined(_rate(factor), excess.cells_of(_at(cells, factor), at_least, _arm))
        for factor in sorted({c["factor"] for c in cells}, reverse=True)
    ]
    return verdict_of(combined(id, statements, every=True), text, statements)


def headline(found):
    ends = {factor: excess.ends(_at(found["cells"], factor)) for factor in (1.0, 0.1)}
    told = [f" by {ends[1.0]}"] if ends[1.0] else []
    told += [f" at a tenth of the rate by {ends[0.1]}"] if ends[0.1] else []
    if not told:
        return "Open: every trial without its state ended early."
    return said(decide(found), f"Without the optimizer's state the next loss changes{','.join(told)}.")


def _at(cells, factor):
    return [c for c in cells if c["factor"] == factor]


def _rate(factor):
    return {1: "at the same rate", 0.1: "at a tenth of the rate"}.get(factor, f"at {factor:g} of the rate")


def _arm(cell):
    return f"{optimizer_label(cell['optimizer'])} on {problem_label(cell['problem'])}"


def where(cell):
    return f"({optimizer_label(cell['optimizer'])}, {cell['problem']}, {_rate(cell['factor'])})"
