"""What does a narrow valley do to gradient descent, and what does momentum change?

Noise-free quadratics with equal energy in every direction at the start, h_max = 1.
    steps        steps to a fixed relative loss over five condition numbers: tuned gradient descent, tuned
                 momentum, and momentum fixed at 0.9; axis-aligned and rotated
    oscillation  how often gradients of plain SGD change sign from one step to the next
    threshold    which rates diverge
    paths        the way of three optimizers through two dimensions, the rate of each tuned for the same steps
"""

import math

from ..protocol.ranking import TEST_SEEDS
from ..trials.read import final_loss
from ..tuning.quadratic_grid import FIXED_MOMENTUM, GD, MOMENTUM, fewest_steps
from ..tuning.rate_grid import explore, lacking_minimum, lowest, quarter_decade

name, title, quiet = "valley", "narrow valleys: condition number, oscillation, divergence, paths", False
KAPPAS = (10, 100, 1000, 3000, 10_000)
TARGET = 1e-4  # of the initial loss
ARMS = {"gd": GD, "momentum": MOMENTUM, "momentum_0.9": FIXED_MOMENTUM}
SIGN_KAPPA = 1000  # of the sign changes beside the steps
RATES = (0.5, 1.0, 1.5, 1.9)  # lr · h_max
SIGN_KAPPAS = (100, 1000)
WATCHED = 100  # steps of an oscillation: beyond, the steepest coordinate is below what float32 holds
THRESHOLD_RATES = (1.0, 1.5, 1.9, 1.98, 2.02, 2.1, 3.0)  # lr · h_max
THRESHOLD_STEPS = 2000
PATHS = {  # workload, size, options, steps of the path
    "quadratic": ("quadratic", "plane", {"kappa": 20}, 60),
    "rosenbrock": ("rosenbrock", "small", {}, 400),
}
PATH_ARMS = {"sgd": ("sgd", {}), "sgd_momentum": ("sgd", {"momentum": 0.9}), "adam": ("adam", {})}
SEED = TEST_SEEDS[0]
BUDGETS = {"smoke": False, "quick": True, "standard": True, "full": True}  # a few seconds: all or nothing


def plans(context):
    if not BUDGETS.get(context.profile.name):
        return {}
    found = {}
    if context.wants("quadratic"):
        found |= {f"steps {frame}": _steps(context, frame) for frame in ("aligned", "rotated")}
        found |= {"oscillation": _oscillation(context), "threshold": _threshold(context)}
    found |= {
        f"path {key}": _path(context, *problem)
        for key, problem in PATHS.items()
        if context.wants(problem[0])
    }
    return found


def horizon(arm, kappa):
    """Steps enough for any well-tuned point of an arm."""
    return round({"gd": 2 * kappa, "momentum": 8 * math.sqrt(kappa), "momentum_0.9": kappa / 5}[arm] + 300)


def _steps(context, frame):
    options = {"rotated": int(frame == "rotated")}
    chosen = {}
    for arm in ARMS:
        chosen[arm] = []
        for kappa in KAPPAS:
            valley = {"kappa": kappa, **options}
            found = yield from fewest_steps(
                context, ARMS[arm], valley, horizon(arm, kappa), TARGET, SEED
            )
            chosen[arm].append(found)
    signs = yield from _signs(context, chosen, options)
    return {
        "kappas": list(KAPPAS),
        "target": TARGET,
        "arms": {arm: [found["steps"] for found in row] for arm, row in chosen.items()},
        "hyper": {arm: [found["hyper"] for found in row] for arm, row in chosen.items()},
        "signs": signs,
    }


def _signs(context, chosen, options):
    """Sign changes at one κ: tuned GD, momentum 0.9 at the same rate, tuned momentum."""
    at = KAPPAS.index(SIGN_KAPPA)
    descent = chosen["gd"][at]["hyper"]
    watched = {
        "gd": descent,
        "same rate, momentum 0.9": {**descent, "momentum": 0.9},
        "momentum": chosen["momentum"][at]["hyper"],
    }
    results = yield [_watched(context, {"kappa": SIGN_KAPPA, **options}, h) for h in watched.values()]
    return {arm: _changes(result, options["rotated"]) for arm, result in zip(watched, results)}


def _watched(context, options, hyper):
    return context.train(
        "quadratic",
        "small",
        "sgd",
        hyper,
        seed=SEED,
        steps=WATCHED,
        batch=1,
        options=options,
        evaluations=10,
        observe=WATCHED,
    )


def _changes(result, rotated):
    """Share of steps on which the gradient's sign changes: along the steepest direction (the first
    coordinate of an axis-aligned valley; no coordinate of a rotated one), and over all coordinates."""
    seen = result["observed"]
    overall = seen["sign_changes"][1:]
    first = None if rotated else seen["coordinate_sign_changes"][0] * len(seen["step"]) / len(overall)
    return {"steepest": first, "overall": sum(overall) / len(overall)}


def _oscillation(context):
    asked = [(kappa, rotated, rate) for kappa in SIGN_KAPPAS for rotated in (0, 1) for rate in RATES]
    results = yield [_watched(context, {"kappa": k, "rotated": r}, {"lr": rate}) for k, r, rate in asked]
    return [
        {"kappa": kappa, "rotated": rotated, "rate": rate, **_changes(result, rotated)}
        for (kappa, rotated, rate), result in zip(asked, results)
    ]


def _threshold(context):
    results = yield [
        context.train(
            "quadratic",
            "small",
            "sgd",
            {"lr": rate},
            seed=SEED,
            steps=THRESHOLD_STEPS,
            batch=1,
            options={"kappa": SIGN_KAPPAS[0]},
        )
        for rate in THRESHOLD_RATES
    ]
    return [{"rate": rate, "diverged": bool(r["diverged"])} for rate, r in zip(THRESHOLD_RATES, results)]


def _path(context, workload, size, options, steps):
    arms = {}
    for arm, (rule, fixed) in PATH_ARMS.items():

        def trial(k, seed, rule=rule, fixed=fixed, **extra):
            return context.train(
                workload,
                size,
                rule,
                {"lr": quarter_decade(k), **fixed},
                seed=seed,
                steps=steps,
                batch=1,
                options=options,
                **extra,
            )

        (curve,) = yield from explore(trial, final_loss, (SEED,), (-8, -4, 0), lacking_minimum(1), (-24, 8))
        best = lowest(curve)
        (result,) = yield [trial(best, SEED, observe=steps)]
        seen = result["observed"]
        arms[arm] = {
            "lr": quarter_decade(best),
            "path": [seen["initial_values"], *seen["values"]],
            "final": result["validation_loss"][-1],
        }
    return {"workload": workload, "options": options, "steps": steps, "arms": arms}
