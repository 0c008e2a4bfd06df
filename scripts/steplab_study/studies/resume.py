"""Training resumed with a part of the optimizer's state: what the missing part costs in the next steps.

`loss` plans: the optimizer is made anew in the middle of training and given all of its state, all but the
step count, all but the moments, or nothing, at the same learning rate and at a tenth of it. The arm `all`
goes on bit for bit as without a restart (checked), so the others are paired with it: same seed, same weights,
same batches. `switch` plans: the data changes under the optimizer, which keeps its state or starts anew.
Losses are of training batches, before each step, as means of WINDOW steps.
"""

from dataclasses import dataclass

from ..protocol import TEST_SEEDS

name, quiet = "resume", False
title = "Resuming with a part of the optimizer's state, and switching data"

WINDOW = 10  # steps between evaluations
KEEPS = ("all", "no_count", "no_moments", "none")
FACTORS = (1.0, 0.1)  # of the learning rate, from the restart on


@dataclass(frozen=True)
class Case:
    """A workload with the step of the restart, the steps after it, and the rates of its optimizers."""

    workload: str
    size: str
    batch: int
    at: int
    after: int
    rates: dict  # {optimizer: learning rate}
    switches: tuple = ()  # (name, options of the workload from the switch on)


@dataclass(frozen=True)
class Budget:
    cases: tuple
    seeds: int


RULES = {
    "adam": ("adam", {}, KEEPS),
    "sgd_momentum": ("sgd", {"momentum": 0.9}, ("all", "none")),  # no step count acts on it
}
_MLP_RATES = {"adam": 1e-3, "sgd_momentum": 0.05}
_SMALL = Case("mlp", "small", 64, 300, 50, _MLP_RATES, (("labels", {"label_shift": 1}),))
_MEDIUM = Case("mlp", "medium", 64, 300, 50, _MLP_RATES, (("labels", {"label_shift": 1}),))
_TEXT = Case("transformer", "small", 16, 200, 50, {"adam": 3e-3, "sgd_momentum": 0.1})
BUDGETS = {
    "smoke": None,
    "quick": Budget((_SMALL,), 6),
    "standard": Budget((_SMALL, _MEDIUM, _TEXT), 6),
    "full": Budget((_SMALL, _MEDIUM, _TEXT), 10),
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


def _trial(context, case, optimizer, seed, restart=None):
    rule, hyper, _ = RULES[optimizer]
    steps = case.at + case.after
    return context.train(
        case.workload,
        case.size,
        rule,
        {"lr": case.rates[optimizer], **hyper},
        seed=seed,
        steps=steps,
        batch=case.batch,
        evaluations=steps // WINDOW,
        restart=restart,
    )


def _loss(context, case, seeds):
    """By optimizer, factor and arm: the mean training loss of each window after the restart, for every
    seed."""
    arms = {}
    for optimizer, (_, _, keeps) in RULES.items():
        keys = [(factor, keep) for factor in FACTORS for keep in keeps]
        results = yield [
            _trial(context, case, optimizer, seed, {"at": case.at, "keep": keep, "lr_factor": factor})
            for factor, keep in keys
            for seed in seeds
        ]
        whole = yield [_trial(context, case, optimizer, seed) for seed in seeds]
        runs = {key: results[i * len(seeds): (i + 1) * len(seeds)] for i, key in enumerate(keys)}
        arms[optimizer] = {
            "lr": case.rates[optimizer],
            "exact": sum(a["final_bits"] == b["final_bits"] for a, b in zip(whole, runs[1.0, "all"])),
            "factors": {
                f"{factor:g}": {keep: [_windows(r, case.at) for r in runs[factor, keep]] for keep in keeps}
                for factor in FACTORS
            },
        }
    return {**_about(case, seeds), "optimizers": arms}


def _switch(context, case, seeds, switch, options):
    """By optimizer: the windows after a switch of the data, with the state kept and with nothing kept."""
    found = {}
    for optimizer in RULES:
        restarts = [{"at": case.at, "keep": keep, "options": options} for keep in ("all", "none")]
        results = yield [_trial(context, case, optimizer, seed, r) for r in restarts for seed in seeds]
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
