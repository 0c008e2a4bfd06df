"""Resuming without the optimizer's state."""

from ..wording import numbers
from ..wording.labels import optimizer_label
from . import excess
from .verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED, Verdict

id = "C23"
sentence = "Optimizer state must be restored when training resumes, even at a tenth of the learning rate."
rule = (
    "Excess of the mean training loss over the 10 steps after a restart without state, paired with the "
    "uninterrupted run, at the same rate and at a tenth, for Adam and SGD-M: supported if the 99 % interval "
    "lies above 1 % in all cells, imprecise if in some, contradicted if all lie below 0, not supported if "
    "an excess of 10 % would have shown."
)
needs, figure = ("resume",), "resume"
WINDOWS = 1  # of 10 steps


def measure(evidence):
    cells = excess.loss_cells(evidence, ("adam", "sgd_momentum"), "none", WINDOWS)
    return {"cells": cells} if cells else None


def decide(found):
    cells = [c for c in found["cells"] if c["excess"] is not None]
    if not cells:
        return Verdict(NOT_MEASURED, "every trial ended early, or one seed gives no interval")
    loses = [c for c in cells if c["excess"].low > excess.LIMIT]
    text = (
        f"Excess loss of the next {cells[0]['steps']} steps without state: {excess.listed(cells, where)}. "
        f"More than 1 % is lost in {len(loses)} of {numbers.plural(len(cells), 'cell')}."
    )
    if len(loses) == len(cells):
        return Verdict(SUPPORTED, text)
    if loses:
        return Verdict(IMPRECISE, text)
    if all(c["excess"].high < 0 for c in cells):
        return Verdict(CONTRADICTED, text)
    blind = all(excess.undecided(c["excess"]) for c in cells)
    return Verdict(NOT_MEASURED if blind else NOT_SUPPORTED, text)


def where(cell):
    rate = "at the same rate" if cell["factor"] == 1 else f"at {cell['factor']:g} of the rate"
    return f"({optimizer_label(cell['optimizer'])}, {cell['problem']}, {rate})"
