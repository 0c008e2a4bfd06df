"""Training resumed with a part of the optimizer's state: what the missing part costs in the next steps.

`loss` plans: the optimizer is made anew in the middle of training and given all of its state, all but the
step count, all but the moments, or nothing, at the same learning rate and at a tenth of it. The arm `all`
goes on bit for bit as without a restart (checked), so the others are paired with it: same seed, same weights,
same batches. `switch` plans: the data changes under the optimizer, which keeps its state or starts anew.
Losses are of training batches, before each step, as means of WINDOW steps.
"""

from dataclasses import dataclass

from ..protocol.ranking import TEST_SEEDS, TUNING_SEEDS
from ..trials.read import final_loss

name, quiet = "resume", False
title = "Resuming with a part of the optimizer's state, and switching data"

WINDOW = 10  # steps between evaluations
KEEPS = ("all", "no_count", "no_moments", "none")
FACTORS = (1.0, 0.1)  # of the learning rate, from the restart on


@dataclass(frozen=True)
class Case:
    """A workload with the step of the restart and the steps after it."""

    workload: str
    size: str
    batch: int
    at: int
    after: int
    switches: tuple = ()  # (name, options of the workload from the switch on)


@dataclass(frozen=True)
class Budget:
    cases: tuple
    seeds: int


RULES = {
    "adam": ("adam", {}, KEEPS),
    "sgd_momentum": ("sgd", {"momentum": 0.9}, ("all", "none")),  # no step count acts on it
}
RATES = {"adam": (3e-4, 1e-3, 3e-3, 1e-2), "sgd_momentum": (0.01, 0.03, 0.1, 0.3)}  # searched
SEARCH_SEEDS = 2
_SWITCHES = (("other labels", {"label_shift": 1}), ("fewer images", {"train_samples": 5000}))
_SMALL = Case("mlp", "small", 64, 300, 50, _SWITCHES)
_MEDIUM = Case("mlp", "medium", 64, 300, 50, _SWITCHES)
_TEXT = Case("transformer", "small", 16, 200, 50)
BUDGETS = {
    "smoke": None,
    "quick": Budget((_SMALL,), 12),
    "standard": Budget((_SMALL, _MEDIUM, _TEXT), 12),
    "full": Budget((_SMALL, _MEDIUM, _TEXT), 20),
}


def plans(context):
    budget = BUDGETS[context.profile.name]
    if budget is None:
        return {}
    seeds = TEST_SEEDS[: budget.seeds]
    found = {}
    for case in budget.cases:
        if context.wants(case.workload):
            key = f"{case.workload}/{case.size}"
            found[f"loss {key}"] = _loss(context, case, seeds)
            for switch, options in case.switches:
                found[f"switch {key} {switch}"] = _switch(context, case, seeds, switch, options)
    return found


def _tuned(context, case):
    """{optimizer: the rate with the lowest mean final loss} of uninterrupted trials."""
    keys = [(optimizer, lr) for optimizer, rates in RATES.items() for lr in rates]
    seeds = TUNING_SEEDS[:SEARCH_SEEDS]
    results = yield [_trial(context, case, *key, seed) for key in keys for seed in seeds]
    losses = [final_loss(r) for r in results]
    score = {key: sum(losses[i * len(seeds): (i + 1) * len(seeds)]) for i, key in enumerate(keys)}
    return {optimizer: min(rates, key=lambda lr: score[optimizer, lr]) for optimizer, rates in RATES.items()}


def _trial(context, case, optimizer, lr, seed, restart=None):
    rule, hyper, _ = RULES[optimizer]
    steps = case.at + case.after
    return context.train(
        case.workload,
        case.size,
        rule,
        {"lr": lr, **hyper},
        seed=seed,
        steps=steps,
        batch=case.batch,
        evaluations=steps // WINDOW,
        restart=restart,
    )


def _loss(context, case, seeds):
    """By optimizer, factor and arm: the mean training loss of each window after the restart, for every
    seed."""
    arms, rates = {}, (yield from _tuned(context, case))
    for optimizer, (_, _, keeps) in RULES.items():
        lr = rates[optimizer]
        keys = [(factor, keep) for factor in FACTORS for keep in keeps]
        results = yield [
            _trial(context, case, optimizer, lr, seed, {"at": case.at, "keep": keep, "lr_factor": factor})
            for factor, keep in keys
            for seed in seeds
        ]
        whole = yield [_trial(context, case, optimizer, lr, seed) for seed in seeds]
        runs = {key: results[i * len(seeds): (i + 1) * len(seeds)] for i, key in enumerate(keys)}
        arms[optimizer] = {
            "lr": lr,
            "exact": sum(a["final_bits"] == b["final_bits"] for a, b in zip(whole, runs[1.0, "all"])),
            "factors": {
                f"{factor:g}": {keep: [_windows(r, case.at) for r in runs[factor, keep]] for keep in keeps}
                for factor in FACTORS
            },
        }
    return {**_about(case, seeds), "optimizers": arms}


def _switch(context, case, seeds, switch, options):
    """By optimizer: the windows after a switch of the data, with the state kept and with nothing kept."""
    found, rates = {}, (yield from _tuned(context, case))
    for optimizer, lr in rates.items():
        restarts = [{"at": case.at, "keep": keep, "options": options} for keep in ("all", "none")]
        results = yield [_trial(context, case, optimizer, lr, seed, r) for r in restarts for seed in seeds]
        windows = [_windows(r, case.at) for r in results]
        found[optimizer] = {"keep": windows[: len(seeds)], "reset": windows[len(seeds):]}
    return {**_about(case, seeds), "switch": switch, "optimizers": found}


def _about(case, seeds):
    return {
        "workload": case.workload,
        "size": case.size,
        "at": case.at,
        "window": WINDOW,
        "windows": case.after // WINDOW,
        "seeds": len(seeds),
    }


def _windows(result, at):
    """Mean training loss of every window after step `at`; a diverged trial has fewer."""
    return [loss for step, loss in zip(result["steps"], result["train_loss"]) if step > at]
