"""Adam with and without each of its two bias corrections: size of the first updates, and loss soon after.

2 x 2 arms (m corrected, v corrected) x beta2 x learning rate on the MLP, constant rate, paired over seeds.
"""

import math
from dataclasses import dataclass

from ..protocol.ranking import TEST_SEEDS

name, quiet = "bias_correction", False
title = "Adam without one or both of its bias corrections"


@dataclass(frozen=True)
class Budget:
    sizes: tuple  # of the MLP
    seeds: int


BUDGETS = {
    "smoke": None,
    "quick": Budget(("small", "medium"), 3),
    "standard": Budget(("small", "medium"), 6),
    "full": Budget(("small", "medium", "large"), 10),
}
ARMS = ("both", "m", "v", "none")  # the moments that are corrected
BETAS2 = (0.9, 0.99, 0.999)
RATES = (3e-4, 1e-3, 3e-3)
STEPS, BATCH, EVERY = 100, 64, 10
LOSS_AT = (10, 30, 100)


def plans(context):
    budget = BUDGETS[context.profile.name]
    if budget is None or not context.wants("mlp"):
        return {}
    return {f"mlp/{size}": _plan(context, size, TEST_SEEDS[: budget.seeds]) for size in budget.sizes}


def _plan(context, size, seeds):
    keys = [(beta2, lr, arm) for beta2 in BETAS2 for lr in RATES for arm in ARMS]
    results = yield [_trial(context, size, *key, seed) for key in keys for seed in seeds]
    runs = {key: results[i * len(seeds): (i + 1) * len(seeds)] for i, key in enumerate(keys)}
    cells = [
        {"beta2": beta2, "lr": lr, "arms": {arm: _read(runs[beta2, lr, arm]) for arm in ARMS}}
        for beta2 in BETAS2
        for lr in RATES
    ]
    return {
        "workload": "mlp",
        "size": size,
        "parameters": results[0]["parameters"],
        "beta1": 0.9,
        "steps": STEPS,
        "loss_at": list(LOSS_AT),
        "initial_loss": results[0]["validation_loss"][0],
        "cells": cells,
    }


def _trial(context, size, beta2, lr, arm, seed):
    return context.train(
        "mlp",
        size,
        "adam",
        {"lr": lr, "beta2": beta2},
        seed=seed,
        steps=STEPS,
        batch=BATCH,
        evaluations=STEPS // EVERY,
        correction=arm,
        observe=STEPS,
    )


def _read(results):
    """By seed: the norm of each update, and the validation loss at the steps of LOSS_AT; inf once
    diverged."""
    return {
        "update_norm": [r["observed"]["update_norm"] for r in results],
        "loss": [[_loss(r, step) for step in LOSS_AT] for r in results],
    }


def _loss(result, step):
    loss = dict(zip(result["steps"], result["validation_loss"])).get(step)
    return math.inf if loss is None else loss
