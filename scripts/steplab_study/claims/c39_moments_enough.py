"""Resuming Adam with m and v but without the step count."""

from . import excess
from .c23_resume_state import where
from .combined import combined
from .verdict import HOLDS, IN_PART, NO, OPEN, ROUGHLY, at_most, said, verdict_of

id = "C39"
sentence = "A checkpoint of m and v is enough to resume Adam."
rule = (
    "Excess of the mean training loss over the steps after a restart with m and v but t = 0, paired with the "
    "uninterrupted run, at the same rate and at a tenth. Holds if the 99 % interval lies at or below 1 % in "
    "two thirds of the decided cells, roughly at or below 1.5 %, no above that, in part if in some cells, "
    "open if too wide."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPEN)
needs, figure = ("resume",), "resume"


def measure(evidence):
    cells = excess.loss_cells(evidence, ("adam",), "no_count")
    return {"cells": cells} if cells else None


def decide(found):
    cells = found["cells"]
    text = (
        f"Excess loss of the next {cells[0]['steps']} steps with m and v but a step count of 0: "
        f"{excess.listed(cells, where)}. The count alone sets the size of the first steps: the corrections "
        "start anew."
    )
    return verdict_of(combined(id, excess.cells_of(cells, at_most, where)), text)


def headline(found):
    ends = excess.ends(found["cells"])
    if ends is None:
        return "Open: every trial without its step count ended early."
    return said(
        decide(found),
        f"Resuming Adam with m and v but without the step count changes the next steps' loss by {ends}.",
    )
