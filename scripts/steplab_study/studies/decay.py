"""Weight decay where a network overfits: Adam without decay and with L2, AdamW at its default decay and
tuned.

Every arm gets the same number of points: a grid of rate x decay, or a finer grid of the rate alone. The best
by validation accuracy are rerun on more tuning seeds and ranked by their worst; the choice meets the test
data on fresh seeds. Warm-up and cosine, so that a run ends where it settles. The grids are the heat maps.
"""

from dataclasses import dataclass

from ..protocol.ranking import TEST_SEEDS, TUNING_SEEDS
from ..trials.made_up_gradients import spaced
from ..trials.read import final_accuracy

name, quiet = "decay", False
title = "Weight decay in an overfitting regime: L2 in Adam, decoupled in AdamW"

DEFAULT_DECAY = 0.01
RATES, RATE_ENDS = 5, (3e-4, 3e-2)
DECAYS = {"adam_l2": spaced(1e-5, 1e-1, 5), "adamw": spaced(1e-2, 10, 5)}
FIXED = {"adam": ("adam", 0.0), "adamw_default": ("adamw", DEFAULT_DECAY)}
RULES = {"adam": "adam", "adam_l2": "adam", "adamw_default": "adamw", "adamw": "adamw"}
WARMUP = 0.05


@dataclass(frozen=True)
class Case:
    """A workload with few training samples; `steps` are many passes over them."""

    workload: str
    size: str
    options: dict
    steps: int
    batch: int


@dataclass(frozen=True)
class Budget:
    cases: tuple
    finalists: int
    finalist_seeds: int
    test_seeds: int


_CASES = (
    Case("mlp", "medium", {"train_samples": 2000}, 1000, 50),
    Case("cnn", "small", {"train_samples": 2000}, 600, 50),
    Case("transformer", "small", {"train_characters": 20000}, 600, 16),
)
BUDGETS = {
    "smoke": None,
    "quick": None,
    "standard": Budget(_CASES, 3, 3, 12),
    "full": Budget(_CASES, 3, 5, 12),
}


def plans(context):
    budget = BUDGETS[context.profile.name]
    if budget is None:
        return {}
    return {
        f"{case.workload}/{case.size}": _plan(context, case, budget)
        for case in budget.cases
        if context.wants(case.workload)
    }


def points(arm):
    """[(learning rate, decay)] that an arm is searched over."""
    if arm in FIXED:
        decay = FIXED[arm][1]
        return [(lr, decay) for lr in spaced(*RATE_ENDS, RATES * len(DECAYS["adamw"]))]
    return [(lr, decay) for lr in spaced(*RATE_ENDS, RATES) for decay in DECAYS[arm]]


def _plan(context, case, budget):
    seed, *more = TUNING_SEEDS[: budget.finalist_seeds]
    asked = [(arm, point) for arm in RULES for point in points(arm)]
    results = yield [_trial(context, case, arm, point, seed) for arm, point in asked]
    arms = {arm: {"grid": []} for arm in RULES}
    for (arm, point), result in zip(asked, results):
        arms[arm]["grid"].append(_row(point, result))
    for found in arms.values():
        ranked = sorted(found["grid"], key=lambda row: -row["accuracy"])
        found["finalists"] = ranked[: budget.finalists]
    finalists = [(arm, row) for arm, found in arms.items() for row in found["finalists"]]
    reruns = yield [
        _trial(context, case, arm, (row["lr"], row["weight_decay"]), s)
        for arm, row in finalists
        for s in more
    ]
    for i, (_, row) in enumerate(finalists):
        again = [final_accuracy(r) for r in reruns[i * len(more): (i + 1) * len(more)]]
        row["worst"] = min([row["accuracy"], *again])
    choices = {arm: max(found["finalists"], key=lambda row: row["worst"]) for arm, found in arms.items()}
    seeds = TEST_SEEDS[: budget.test_seeds]
    tested = yield [
        _trial(context, case, arm, (row["lr"], row["weight_decay"]), s, test=True)
        for arm, row in choices.items()
        for s in seeds
    ]
    for i, (arm, row) in enumerate(choices.items()):
        mine = tested[i * len(seeds): (i + 1) * len(seeds)]
        arms[arm]["choice"] = {**row, "at_edge": _at_edge(arm, row), "decay_sum": _decay_sum(case, row)}
        arms[arm]["test_accuracy"] = [r["test"]["accuracy"] for r in mine]
        arms[arm]["train_loss"] = [r["train_loss"][-1] for r in mine]
        arms[arm]["validation_loss"] = [r["validation_loss"][-1] for r in mine]
    about = {"workload": case.workload, "size": case.size, "parameters": results[0]["parameters"]}
    return {**about, "options": case.options, "steps": case.steps, "batch": case.batch, "arms": arms}


def _trial(context, case, arm, point, seed, test=False):
    lr, decay = point
    return context.train(
        case.workload,
        case.size,
        RULES[arm],
        {"lr": lr, "weight_decay": decay},
        seed=seed,
        steps=case.steps,
        batch=case.batch,
        options=case.options,
        schedule="cosine",
        warmup=WARMUP,
        evaluations=4,
        test=test,
    )


def _row(point, result):
    lr, decay = point
    loss = None if result["diverged"] else result["validation_loss"][-1]
    return {"lr": lr, "weight_decay": decay, "accuracy": final_accuracy(result), "loss": loss}


def _at_edge(arm, row):
    """Names of what was chosen at an end of its grid. The smallest decay is no edge: below it lies no
    decay."""
    lrs = sorted({lr for lr, _ in points(arm)})
    found = ["lr"] if row["lr"] in (lrs[0], lrs[-1]) else []
    return found + (["weight_decay"] if arm in DECAYS and row["weight_decay"] == max(DECAYS[arm]) else [])


def _decay_sum(case, row):
    """Sum of lr x decay over a run: warm-up and half a cosine have half the rate on average."""
    return row["lr"] * row["weight_decay"] * case.steps / 2
