"""Resetting the optimizer's state when the data changes."""

from ..wording.labels import optimizer_label
from . import excess
from .combined import combined
from .verdict import HOLDS, IN_PART, NO, OPEN, ROUGHLY, at_most, said, verdict_of

id = "C24"
sentence = "Optimizer state may be reset on a switch of optimizer or of data."
rule = (
    "Excess of the mean training loss over the steps after a switch of the data with the state reset, paired "
    "with the state kept, for Adam and SGD-M. Holds if the 99 % interval lies at or below 1 % in two thirds "
    "of the decided cells, roughly at or below 1.5 %, no above that, in part if in some cells, open if too "
    "wide. From SGD to Adam nothing can be restored."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPEN)
needs, figure = ("resume",), "resume"


def measure(evidence):
    cells = []
    for key, outcome in evidence.outcomes("resume").items():
        if key.startswith("switch "):
            cells += [_cell(outcome, optimizer, arms) for optimizer, arms in outcome["optimizers"].items()]
    return {"cells": cells} if cells else None


def _cell(outcome, optimizer, arms):
    return {
        "problem": f"{outcome['workload']}/{outcome['size']}",
        "switch": outcome["switch"],
        "optimizer": optimizer,
        "steps": outcome["windows"] * outcome["window"],
        "excess": excess.interval(arms["reset"], arms["keep"], outcome["windows"]),
    }


def decide(found):
    cells = found["cells"]
    text = (
        f"Excess loss of the {cells[0]['steps']} steps after a switch of the data, reset against kept: "
        f"{excess.listed(cells, _where)}. From SGD to Adam there is nothing to restore: SGD has no m and no "
        "v."
    )
    return verdict_of(combined(id, excess.cells_of(cells, at_most, _where)), text)


def headline(found):
    ends = excess.ends(found["cells"])
    if ends is None:
        return "Open: every trial after a reset of the state ended early."
    return said(
        decide(found),
        f"Resetting the state on new data changes the next steps' loss by {ends}.",
    )


def _where(cell):
    return f"({optimizer_label(cell['optimizer'])}, {cell['problem']}, {cell['switch']})"
