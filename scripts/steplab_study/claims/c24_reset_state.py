"""Resetting the optimizer's state when the data changes."""

from ..wording.labels import optimizer_label
from . import excess
from .verdict import Verdict

id = "C24"
sentence = "Optimizer state may be reset on a switch of optimizer or of data."
rule = (
    "Excess of the mean training loss over the steps after a switch of the data with the state reset, "
    "paired with the state kept, for Adam and SGD-M: supported if the 99 % interval lies at or below 1 % in "
    "all cells, imprecise if in some, contradicted if it lies above 1 % in all. From SGD to Adam nothing "
    "can be restored."
)
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
    return Verdict(excess.at_most(cells), text)


def _where(cell):
    return f"({optimizer_label(cell['optimizer'])}, {cell['problem']}, {cell['switch']})"
