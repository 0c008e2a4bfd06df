"""Accuracy of AdamW at its default decay over Adam, where a network overfits."""

import math

from ..statistics.intervals import t_interval
from ..wording import numbers
from ..wording.labels import workload_label
from .combined import combined
from .verdict import (
    AT_EDGE,
    HOLDS,
    IN_PART,
    NO,
    OPEN,
    OPPOSITE,
    ROUGHLY,
    Cell,
    in_range,
    of_interval,
    said,
    verdict_of,
)

id, DEFAULT = "C14", 0.01
sentence = "AdamW at decay 0.01 improves accuracy by 2 to 5 % over Adam."
rule = (
    "Gain in test accuracy with few training samples, in percentage points: AdamW at 0.01 less Adam without "
    "decay, and less Adam with tuned L2; learning rates tuned with equal budgets, 99 % intervals over paired "
    "seeds. A workload counts only where decay can act: the sum of lr·λ over the run is at least 0.5 in one "
    "arm, and no chosen rate lies at an edge. At least three must count. Holds if both gains lie in 2 to 5 "
    "on two thirds of them, roughly within 1.5 times that range, in part if one gain or some workloads fit, "
    "no outside it, opposite if AdamW is worse, open otherwise."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN)
needs, figure = ("decay",), "decay_heat_map"
LEVEL, RANGE = 0.99, (2.0, 5.0)
FEWEST, LEAST_DECAY = 3, 0.5
PAIRS = {
    "default": ("adamw_default", "adam", "AdamW at 0.01 over Adam without decay"),
    "l2": ("adamw_default", "adam_l2", "over Adam with tuned L2"),
    "tuned": ("adamw", "adam", "tuned AdamW over Adam without decay"),
}


def measure(evidence):
    cases = [_case(key, outcome["arms"]) for key, outcome in evidence.outcomes("decay").items()]
    return {"cases": cases} if cases else None


def _case(key, arms):
    gains = {name: _gain(arms[mine], arms[other]) for name, (mine, other, _) in PAIRS.items()}
    compared = sorted({arm for mine, other, _ in (PAIRS["default"], PAIRS["l2"]) for arm in (mine, other)})
    return {
        "problem": key,
        **gains,
        "edges": [arm for arm in compared if "lr" in arms[arm]["choice"]["at_edge"]],
        "decay_sums": {arm: found["choice"]["decay_sum"] for arm, found in arms.items()},
    }


def _gain(mine, other):
    """Percentage points of test accuracy, paired by seed."""
    return t_interval([100 * (a - b) for a, b in zip(mine["test_accuracy"], other["test_accuracy"])], LEVEL)


def decide(found):
    cells = [_cell(case) for case in found["cases"]]
    text = " ".join(_text(case) for case in found["cases"])
    return verdict_of(combined(id, cells, fewest=FEWEST), text, cells)


def headline(found):
    counting = [case for case in found["cases"] if _why_not(case) is None]
    if not counting:
        return f"Open: on none of {len(found['cases'])} workloads could decay act as it was tuned."
    gains = numbers.span([case["default"].value for case in counting], 2)
    return said(
        decide(found),
        f"AdamW at decay {DEFAULT} changes test accuracy by {gains} percentage points against Adam without"
        f" decay; {RANGE[0]:g} to {RANGE[1]:g} is claimed.",
    )


def _cell(case):
    """One workload's word."""
    label, why = workload_label(case["problem"]), _why_not(case)
    if why is not None:
        return Cell(label, OPEN, why)
    gains = {PAIRS[name][2]: case[name] for name in ("default", "l2")}
    parts = [of_interval(over, gain, in_range(gain, *RANGE, neutral=0.0)) for over, gain in gains.items()]
    return combined(label, parts, every=True)


def _why_not(case):
    """Why a workload does not count; None where it does."""
    if case["edges"]:
        return AT_EDGE
    most = max(case["decay_sums"].values())
    return f"decay could not act: Σ lr·λ is {numbers.number(most, 2)}" if most < LEAST_DECAY else None


def _text(case):
    gains = ", ".join(f"{label} {_points(case[name])}" for name, (_, _, label) in PAIRS.items())
    sums = case["decay_sums"]
    edges = f" The best rate lies at an edge for {numbers.listing(case['edges'])}." if case["edges"] else ""
    return (
        f"{case['problem']}: {gains} percentage points. Σ lr·λ is {numbers.number(sums['adamw_default'], 2)} "
        f"at 0.01 and {numbers.number(sums['adamw'], 2)} where tuned.{edges}"
    )


def _points(gain):
    if not math.isfinite(gain.high):
        return f"{gain.value:+.2f}"
    return f"{gain.value:+.2f} [{gain.low:+.2f}, {gain.high:+.2f}]"
