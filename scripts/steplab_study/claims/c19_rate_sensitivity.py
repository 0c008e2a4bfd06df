"""C19: sensitivity of Adam and SGD to the learning rate."""

import math

from ..statistics.intervals import Interval
from ..statistics.signed_ranks import signed_rank_interval
from ..tuning.near_best_band import width_ratio
from ..wording.labels import problem_label
from ..wording.numbers import interval, listing, number, plural
from .combined import combined
from .verdict import (
    HOLDS,
    IN_PART,
    NO,
    OPEN,
    OPPOSITE,
    ROUGHLY,
    Cell,
    at_least,
    of_interval,
    said,
    verdict_of,
)

id = "C19"
sentence = "Adam is less sensitive to the learning rate than SGD."
rule = (
    "Width in decades of the near-best band (at most 5 % excess loss), Adam ÷ SGD with momentum 0 and 0.9. "
    "Over the problems, by signed ranks of the log ratios, a 95 % interval (99 % would need eight problems). "
    "Holds if it lies above 1.25 against both, roughly above 1.17, in part against one of them, no if below "
    "that, opposite below 1, open if too wide or with fewer than six problems."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN)
needs = ("lr_sensitivity",)
figure = "lr_sensitivity"
WIDER, LEVEL, FEWEST = 1.25, 0.95, 6
REFERENCES = {"sgd": "SGD", "sgd_momentum": "SGD-M"}
LABELS = {"sgd": "without momentum", "sgd_momentum": "with momentum"}


def measure(evidence):
    cases = [
        _case(outcome, reference)
        for outcome in evidence.outcomes("lr_sensitivity").values()
        for reference in REFERENCES
    ]
    return {"cases": cases} if cases else None


def _case(outcome, reference):
    arms = outcome["arms"]
    ratio = width_ratio(arms["adam"], arms[reference])
    return {"problem": outcome["problem"], "reference": reference, "ratio": ratio}


def decide(found):
    cells = [_cell(found["cases"], reference) for reference in REFERENCES]
    told = " ".join(_text(found["cases"], reference) for reference in REFERENCES)
    text = f"Width of the near-best band in decades (99 % intervals over seeds). {told}"
    return verdict_of(combined(id, cells, every=True), text, cells)


def headline(found):
    values = {r: _across(_known(found["cases"], r)) for r in REFERENCES}
    told = [f"{number(v.value, 2)} ({LABELS[r]})" for r, v in values.items() if v is not None]
    if not told:
        return "Open: too few grids of learning rates reached both edges of the near-best bands."
    return said(
        decide(found),
        f"Adam's band of good learning rates is {listing(told)} times as wide as SGD's, by the median over"
        " problems.",
    )


def _known(cases, reference):
    return [c for c in cases if c["reference"] == reference and c["ratio"] is not None]


def _across(cases):
    """The Interval of the ratio over problems; None with fewer than three."""
    found = signed_rank_interval([math.log(case["ratio"].value) for case in cases], LEVEL)
    return found and Interval(*(math.exp(x) for x in (found.value, found.low, found.high)), found.count)


def _cell(cases, reference):
    known, label = _known(cases, reference), f"against {REFERENCES[reference]}"
    if len(known) < FEWEST:
        return Cell(label, OPEN, f"{plural(len(known), 'problem')} with both edges, {FEWEST} are needed")
    across = _across(known)
    return of_interval(label, across, at_least(across, WIDER, neutral=1.0))


def _text(cases, reference):
    known = _known(cases, reference)
    if not known:
        return f"Adam ÷ {REFERENCES[reference]}: no grid held both edges of its near-best bands."
    each = ", ".join(f"{problem_label(case['problem'])} {interval(case['ratio'], 2)}" for case in known)
    across = _across(known)
    whole = f"; over these problems {interval(across, 2)}, by signed ranks" if len(known) >= FEWEST else ""
    return f"Adam ÷ {REFERENCES[reference]}: {each}{whole}."
