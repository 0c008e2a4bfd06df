"""Resuming Adam with m and v but without the step count."""

from . import excess
from .c23_resume_state import where
from .verdict import Verdict

id = "C39"
sentence = "A checkpoint of m and v is enough to resume Adam."
rule = (
    "Excess of the mean training loss over the steps after a restart with m and v but t = 0, paired with "
    "the uninterrupted run, at the same rate and at a tenth: supported if the 99 % interval lies at or "
    "below 1 % in all cells, imprecise if in some, contradicted if it lies above 1 % in all."
)
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
    return Verdict(excess.at_most(cells), text)
