"""Accuracy of AdamW at its default decay over Adam, where a network overfits."""

import math

from ..statistics.intervals import t_interval
from ..wording import numbers
from .verdict import (
    CONTRADICTED,
    IMPRECISE,
    NOT_MEASURED,
    NOT_SUPPORTED,
    SUPPORTED,
    Verdict,
    in_range,
    share_of,
)

id = "C14"
sentence = "AdamW at decay 0.01 improves accuracy by 2 to 5 % over Adam."
rule = (
    "Test accuracy with few training samples, learning rate tuned per arm with equal budgets, paired over "
    "test seeds, 99 % interval in percentage points: per workload supported if AdamW at 0.01 less Adam "
    "without decay lies in 2 to 5 and so does AdamW less Adam with tuned L2, imprecise if one does or "
    "within 1.5 times the range, not supported if the interval holds 0, contradicted beyond. Supported on "
    "2/3 of the workloads; not measured at an edge of the rates."
)
needs, figure = ("decay",), "decay_heat_map"
LEVEL, RANGE = 0.99, (2.0, 5.0)
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
    words = [_word(case) for case in found["cases"]]
    statements = tuple((case["problem"], word) for case, word in zip(found["cases"], words))
    return Verdict(_overall(words), " ".join(_text(case) for case in found["cases"]), statements)


def _word(case):
    """One workload's word."""
    if case["edges"]:
        return NOT_MEASURED
    first, second = (_against_range(case[name]) for name in ("default", "l2"))
    if first == second == SUPPORTED:
        return SUPPORTED
    return IMPRECISE if SUPPORTED in (first, second) else first


def _against_range(gain):
    word = in_range(gain, *RANGE)
    return NOT_SUPPORTED if word == CONTRADICTED and gain.low <= 0 <= gain.high else word


def _overall(words):
    if all(w == NOT_MEASURED for w in words):
        return NOT_MEASURED
    if share_of(words, SUPPORTED) >= 2 / 3:
        return SUPPORTED
    if SUPPORTED in words or IMPRECISE in words:
        return IMPRECISE
    return CONTRADICTED if share_of(words, CONTRADICTED) >= 2 / 3 else NOT_SUPPORTED


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
