"""What the update formulas do, number by number: the library's optimizers over made-up gradients.

Milliseconds a plan. Nothing is drawn but zero-mean gradients, from fixed seeds; the same in every profile.
"""

import numpy as np

from ..statistics.power_laws import exponent_where_positive
from ..trials import formulas
from ..trials.made_up_gradients import decades, last, normals, rms, scaled_noise

name, quiet = "updates", False
title = "Update formulas over given gradients: velocity, corrections, decay, scale"

PROFILES = ("quick", "standard", "full")  # all of it in each

SCALES = decades(1e-3, 1)  # RMS of the gradients, a coordinate each
SEEDS = (1, 2, 3, 4)
DECAYS = (0.01, 1e-4)  # the default; and one that stays below every gradient
COUNTS = (1, 2, 10, 100, 1000)  # steps at which bias corrections are read off
GAIN_STEPS = 200
RULES = {  # of the identity: rule and complete hyperparameters
    "sgd": ("sgd", {"lr": 0.1, "momentum": 0.0, "weight_decay": 0.01}),
    "momentum": ("sgd", {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.01}),
    "adam": ("adam", {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.01}),
    "adamw": ("adamw", {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.01}),
}
PRESETS = {"teaching": formulas.teaching, "pytorch": formulas.pytorch}


def plans(context):
    if context.profile.name not in PROFILES:
        return {}
    return {
        "velocity": _velocity(context),
        "identity": _identity(context),
        "decay_share": _decay_share(context),
        "default_decay": _default_decay(context),
        "correction": _correction(context),
        "accumulation": _accumulation(context),
        "scale": _scale(context),
    }


def _velocity(context):
    """What a step keeps of the velocity and adds of the gradient, stated and dampened; gain on a constant
    gradient."""
    found = {}
    for arm, dampening in (("stated", 0.0), ("dampened", 0.9)):
        hyper = {"lr": 0.0, "momentum": 0.9, "dampening": dampening}
        streams = ([1.0, 0.0], [1.0, 1.0], [1.0] * GAIN_STEPS)
        results = yield [
            context.follow("sgd", hyper, [[0.0]], [[[g]] for g in stream], report="last")
            for stream in streams
        ]
        without, with_gradient, steady = (r["steps"][-1]["state"]["velocity"][0][0] for r in results)
        found[arm] = {"kept": without, "coefficient": with_gradient - without, "gain": steady}
    return {"momentum": 0.9, "steps": GAIN_STEPS, **found}


def _identity(context):
    """The largest difference of the two transcriptions, and of the library's presets from theirs."""
    params = [normals(5, 1), normals(3, 2)]
    every = [[normals(5, 10 + t), normals(3, 50 + t)] for t in range(20)]
    skipped = [[first, None if t in (0, 7, 8) else second] for t, (first, second) in enumerate(every)]
    found = {}
    for arm, (rule, hyper) in RULES.items():
        found[arm] = {}
        for case, gradients in (("every", every), ("skipped", skipped)):
            results = yield [
                context.follow(rule, hyper, params, gradients, preset=preset, report="last")
                for preset in PRESETS
            ]
            texts = [transcribe(rule, hyper, params, gradients) for transcribe in PRESETS.values()]
            found[arm][case] = {"texts": _apart(*texts)}
            for preset, text, result in zip(PRESETS, texts, results):
                found[arm][case][preset] = _apart(text, result["steps"][-1]["values"])
    return {"steps": len(every), "rules": found}


def _apart(first, second):
    """The largest difference of two lists of tensors."""
    return max(abs(float(a) - b) for x, y in zip(first, second) for a, b in zip(x, y))


def _decay_share(context, steps=100, lr=0.001):
    """By how much of its initial value each coordinate is nearer to 0 for the decay, by rule, decay and
    seed."""
    start = [[1.0] * len(SCALES)]
    arms = [("adam", 0.0), *(("adam", decay) for decay in DECAYS), ("adamw", DECAYS[0])]
    configs = [
        context.follow(
            rule, {"lr": lr, "weight_decay": decay}, start, scaled_noise(SCALES, steps, seed), report="last"
        )
        for rule, decay in arms
        for seed in SEEDS
    ]
    results = yield configs
    ends = [last(r) for r in results]
    without, arm_ends = ends[: len(SEEDS)], ends[len(SEEDS):]
    found = []
    for i, (rule, decay) in enumerate(arms[1:]):
        mine = arm_ends[i * len(SEEDS): (i + 1) * len(SEEDS)]
        shares = [[n - p for n, p in zip(none, p_end)] for none, p_end in zip(without, mine)]
        slopes = [exponent_where_positive(SCALES, share) for share in shares]
        found.append({"rule": rule, "weight_decay": decay, "shares": shares, "slopes": slopes})
    return {"rms": SCALES, "steps": steps, "lr": lr, "arms": found}


def _default_decay(context):
    """The parameter 1 under a constant gradient of 0.001 at lr 0.1: without decay, Adam's L2, AdamW."""
    arms = {"none": ("adam", 0.0), "adam": ("adam", 0.01), "adamw": ("adamw", 0.01)}
    counts = (1, 10, 1000)
    found = {"lr": 0.1, "gradient": 1e-3, "weight_decay": 0.01, "steps": list(counts), "values": {}}
    for arm, (rule, decay) in arms.items():
        hyper = {"lr": 0.1, "weight_decay": decay}
        results = yield [
            context.follow(rule, hyper, [[1.0]], [[[1e-3]]] * count, report="last")
            for count in counts
        ]
        found["values"][arm] = [last(r)[0] for r in results]
    return found


def _correction(context):
    """What m and the root of v are divided by at step t, read off the library's updates.

    One moment at a time: with beta2 = 0 the root of v is |g| and needs no correction, with beta1 = 0 m is g.
    The rate is 0 before the step that is read, and the parameter 0, so that no sum is rounded.
    """
    found = {"steps": list(COUNTS), "beta1": 0.9, "beta2": 0.999}
    for moment, betas in (("m", {"beta1": 0.9, "beta2": 0.0}), ("v", {"beta1": 0.0, "beta2": 0.999})):
        results = yield [
            context.follow(
                "adam",
                {"lr": 1.0, "eps": 0.0, **betas},
                [[0.0]],
                [[[1.0]]] * count,
                lr=[0.0] * (count - 1) + [1.0],
                report="last",
            )
            for count in COUNTS
        ]
        found[moment] = [_divisor(moment, r) for r in results]
    return found


def _divisor(moment, result):
    step = result["steps"][-1]
    m, v = step["state"]["m"][0][0], step["state"]["v"][0][0]
    moved = -step["values"][0][0] * v**0.5 / m  # sqrt(1 - beta2^t) / (1 - beta1^t)
    return 1 / moved if moment == "m" else moved


def _accumulation(context, size=16):
    """Two backward passes that add their gradients, without and with zero_grad between them: the second
    update.

    The first rate is 0 and the parameters start at 0, so that they end at minus the gradient of the second
    step.
    """
    first, second = normals(size, 1), normals(size, 2)
    start, rates = [[0.0] * size], [0.0, 1.0]
    forgotten, zeroed = yield [
        context.follow("sgd", {}, start, [[first], [second]], lr=rates, zero_grad=zeroed, report="last")
        for zeroed in (False, True)
    ]
    sums = np.float32(first) + np.float32(second)
    return {
        "gradients": size,
        "forgotten": _equal(last(forgotten), -sums),
        "zeroed": _equal(last(zeroed), -np.float32(second)),
    }


def _equal(values, expected):
    """How many values are the expected ones, bit for bit as float32."""
    return int(np.sum(np.float32(values) == expected))


def _scale(context, steps=100, lr=1e-3):
    """The rate |update| / |gradient| of each coordinate, and how updates change with the gradients' scale."""
    start, factors = [[0.0] * len(SCALES)], (100.0, 0.01)
    found = {"rms": SCALES, "lr": lr, "factors": list(factors), "arms": {}}
    for arm, rule, hyper in (("adam", "adam", {}), ("sgd_momentum", "sgd", {"momentum": 0.9})):
        rates, ways = [], {factor: [] for factor in factors}
        for seed in SEEDS:
            gradients = scaled_noise(SCALES, steps, seed)
            plain, *rescaled = yield [
                context.follow(
                    rule, {"lr": lr, **hyper}, start, _times(gradients, f), report="all" if f == 1 else "last"
                )
                for f in (1.0, *factors)
            ]
            moved, given = zip(*_updates(plain)), zip(*[step[0] for step in gradients])
            rates.append([rms(u) / rms(g) for u, g in zip(moved, given)])
            for factor, other in zip(factors, rescaled):
                ways[factor].append(_changed(last(plain), last(other)))
        slopes = [exponent_where_positive(SCALES, r) for r in rates]
        changes = {f"{factor:g}": max(changed) for factor, changed in ways.items()}
        found["arms"][arm] = {"rates": rates, "slopes": slopes, "rescaled": changes}
    return found


def _times(gradients, factor):
    return [[[float(f"{factor * g:.7g}") for g in tensor] for tensor in step] for step in gradients]


def _updates(result):
    """Updates by step and coordinate; the values start at 0."""
    values = [[0.0] * len(SCALES)] + [step["values"][0] for step in result["steps"]]
    return [[b - a for a, b in zip(before, after)] for before, after in zip(values, values[1:])]


def _changed(ways, others):
    """The largest change of a coordinate's whole way, in units of the RMS of all ways: some ways end near
    0."""
    return max(abs(a - b) for a, b in zip(ways, others)) / rms(ways)
