"""C20: batch size and learning rate."""

import math

from ..statistics.intervals import t_interval
from ..statistics.power_laws import exponent
from ..wording.labels import optimizer_label, problem_label
from ..wording.numbers import interval
from .combined import most
from .verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED, Verdict

id = "C20"
sentence = "When the batch doubles, the learning rate should double."
rule = (
    "Exponent of the best rate on the batch size over at least five sizes at equal epochs, per seed: 99 % "
    "interval in [0.8, 1.2] for SGD and for Adam; imprecise for one only or a square root (0.5 in the "
    "interval); contradicted if both are below 0.2; not measured if wider than 0.8."
)
needs = ("batch_size",)
figure = "batch_size"
LEVEL = 0.99
LINEAR, WIDEST, NONE = (0.8, 1.2), 0.8, 0.2


def measure(evidence):
    problems = {}
    for outcome in evidence.outcomes("batch_size").values():
        problems.setdefault(outcome["problem"], {"arms": {}, "batches": outcome["batches"]})
        problems[outcome["problem"]]["arms"][outcome["arm"]] = _exponent(outcome)
    return {"problems": problems} if problems else None


def _exponent(outcome):
    rows = outcome["best"]
    if len(rows) < 5 or any(rate is None for row in rows for rate in row):
        return None
    return t_interval([exponent(outcome["batches"], rates) for rates in zip(*rows)], LEVEL)


def decide(found):
    words = {name: _word(problem["arms"]) for name, problem in found["problems"].items()}
    text = " ".join(_text(name, problem) for name, problem in found["problems"].items())
    return Verdict(most(list(words.values())), f"Best rate ∝ batch^a (99 % intervals over seeds). {text}")


def _word(arms):
    kinds = [_kind(arms.get(arm)) for arm in ("sgd", "adam")]
    if NOT_MEASURED in kinds:
        return NOT_MEASURED
    if kinds == ["linear", "linear"]:
        return SUPPORTED
    if kinds == ["none", "none"]:
        return CONTRADICTED
    return IMPRECISE if {"linear", "root"} & set(kinds) else NOT_SUPPORTED


def _kind(found):
    """linear, root (square root), none (no growth), other; or not measured."""
    if found is None or not math.isfinite(found.high - found.low) or found.high - found.low > WIDEST:
        return NOT_MEASURED
    if LINEAR[0] <= found.low and found.high <= LINEAR[1]:
        return "linear"
    if found.high < NONE:
        return "none"
    return "root" if found.low <= 0.5 <= found.high else "other"


def _text(name, problem):
    arms = ", ".join(f"{optimizer_label(arm)} a = {interval(e, 2)}" for arm, e in problem["arms"].items())
    sizes = problem["batches"]
    return f"{problem_label(name)}, batches {sizes[0]} to {sizes[-1]}: {arms}."
