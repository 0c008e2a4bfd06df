"""Adam without its bias corrections."""

import math

from ..statistics.intervals import geometric_interval, paired_ratio
from ..wording import numbers
from .combined import combined
from .verdict import (
    CENSORED,
    HOLDS,
    IN_PART,
    NO,
    OPEN,
    OPPOSITE,
    ROUGHLY,
    TOO_WIDE,
    Cell,
    at_most,
    of_interval,
    said,
    verdict_of,
)

id = "C22"
sentence = "Without bias correction Adam's first steps are tiny and training starts very slowly."
rule = (
    "2 x 2 (m corrected, v corrected) x β2 {0.9, 0.99, 0.999} x 3 learning rates on the MLP, paired over "
    "seeds: norm of the updates without correction relative to those with, over t ≤ 10, and loss at 10 "
    "steps, 99 % intervals. Two thirds of the cells at the default β2 = 0.999 decide: holds below 0.5 with a "
    "worse loss, roughly below 0.67, no above that or without a worse loss, opposite above 1, open if too "
    "wide. In part if only some cells of any β2 hold. Cells of m or v alone are named."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN)
needs, figure = ("bias_correction",), "bias_correction"
LEVEL, FIRST, TINY, DEFAULT_BETA2 = 0.99, 10, 0.5, 0.999
ARMS = {"none": "neither corrected", "v": "m alone uncorrected", "m": "v alone uncorrected"}


def measure(evidence):
    outcomes = evidence.outcomes("bias_correction")
    cells = [_cell(key, cell, arm) for key, o in outcomes.items() for cell in o["cells"] for arm in ARMS]
    return {"cells": cells} if cells else None


def _cell(key, cell, arm):
    both, mine = cell["arms"]["both"], cell["arms"][arm]
    norms = [_relative(a, b) for a, b in zip(mine["update_norm"], both["update_norm"])]
    early = paired_ratio([seed[0] for seed in mine["loss"]], [seed[0] for seed in both["loss"]], LEVEL)
    norm = geometric_interval(norms, LEVEL)
    where = {"problem": key, "arm": arm, "beta2": cell["beta2"], "lr": cell["lr"]}
    return {**where, "norm": norm, "loss": early}


def _relative(mine, both):
    """Geometric mean over the first steps of one seed; infinite when the trial did not get that far."""
    logs = [math.log(a / b) for a, b in zip(mine[:FIRST], both[:FIRST]) if a and b]
    return math.exp(sum(logs) / FIRST) if len(logs) == FIRST else math.inf


def decide(found):
    cells = [c for c in found["cells"] if c["norm"] is not None and math.isfinite(c["norm"].high)]
    none = [c for c in cells if c["arm"] == "none"]
    default = [_cell_word(c) for c in _default(cells)]
    if not default:
        why = "the trials diverged, or one seed gives no interval"
        return verdict_of(Cell(id, OPEN, why), f"{why[0].upper()}{why[1:]}.")
    cell = combined(id, default)
    elsewhere = sorted({c["beta2"] for c in none if _holds(c)})
    if elsewhere and cell.word in (NO, OPEN):
        cell = Cell(id, IN_PART, f"at β2 = {numbers.listing(f'{beta2:g}' for beta2 in elsewhere)}")
    return verdict_of(cell, _text(cells))


def headline(found):
    norms = [c["norm"].value for c in _default(found["cells"]) if c["norm"] is not None]
    if not norms:
        return f"Open: no trial at β2 = {DEFAULT_BETA2} got through its first steps."
    return said(
        decide(found),
        f"Without bias correction, at β2 = {DEFAULT_BETA2}, Adam's first {FIRST} updates are"
        f" {numbers.span(norms, 2)} times as large.",
    )


def _default(cells):
    return [c for c in cells if c["arm"] == "none" and c["beta2"] == DEFAULT_BETA2]


def _cell_word(cell):
    """Tiny steps, and then a slow start too."""
    norm, loss, label = cell["norm"], cell["loss"], f"rate {cell['lr']:g}"
    word = at_most(norm, TINY, neutral=1.0)
    if word in (HOLDS, ROUGHLY) and (loss is None or loss.low <= 1):
        return Cell(label, OPEN, TOO_WIDE) if loss is None or loss.high > 1 else Cell(label, NO)
    return of_interval(label, norm, word, CENSORED)


def _holds(cell):
    """Tiny steps and a slow start."""
    return _cell_word(cell).word == HOLDS


def _text(cells):
    told = []
    for arm, label in ARMS.items():
        for beta2 in sorted({c["beta2"] for c in cells}, reverse=True):
            mine = [c for c in cells if (c["arm"], c["beta2"]) == (arm, beta2)]
            if mine and (arm == "none" or beta2 == DEFAULT_BETA2):
                told.append(f"{label}, β2 = {beta2:g}: {_ranges(mine)}")
    held = [c for c in cells if _holds(c)]
    where = [
        f"{label} (β2 = {numbers.listing(f'{beta2:g}' for beta2 in sorted(betas))})"
        for arm, label in ARMS.items()
        if (betas := {c["beta2"] for c in held if c["arm"] == arm})
    ]
    holds = f"It holds with {numbers.listing(where)}." if where else "It holds in no cell."
    listed = "; ".join(told)
    return f"Updates over t ≤ {FIRST} and loss at {FIRST} steps, relative to Adam's: {listed}. {holds}"


def _ranges(cells):
    norms = [c["norm"].value for c in cells]
    losses = [c["loss"].value for c in cells if c["loss"] is not None]
    loss = f", loss {min(losses):.2f} to {max(losses):.2f}" if losses else ""
    return f"{min(norms):.2f} to {max(norms):.2f} times as large{loss}"
