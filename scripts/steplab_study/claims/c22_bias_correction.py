"""Adam without its bias corrections."""

import math

from ..statistics.intervals import geometric_interval, paired_ratio
from ..wording import numbers
from .verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED, Verdict

id = "C22"
sentence = "Without bias correction Adam's first steps are tiny and training starts very slowly."
rule = (
    "2 x 2 (m corrected, v corrected) x β2 {0.9, 0.99, 0.999} x 3 learning rates on the MLP, paired over "
    "seeds: norm of the updates without correction relative to those with, over t ≤ 10, and loss at 10 "
    "steps, 99 % intervals. Decided at the default β2 = 0.999: supported if every cell is below 0.5 with a "
    "worse loss, contradicted if every cell is above 1; imprecise if only some cells of any β2 are below "
    "0.5 with a worse loss. Cells of m or v alone are named."
)
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
    default = [c for c in none if c["beta2"] == DEFAULT_BETA2]
    if not default:
        return Verdict(NOT_MEASURED, "the trials diverged, or one seed gives no interval")
    text = _text(cells)
    if all(_holds(c) for c in default):
        return Verdict(SUPPORTED, text)
    if all(c["norm"].low > 1 for c in default):
        return Verdict(CONTRADICTED, text)
    return Verdict(IMPRECISE if any(_holds(c) for c in none) else NOT_SUPPORTED, text)


def _holds(cell):
    """Tiny steps and a slow start."""
    return cell["norm"].high < TINY and cell["loss"] is not None and cell["loss"].low > 1


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
