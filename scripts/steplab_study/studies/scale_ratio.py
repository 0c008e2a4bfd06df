"""Does an optimizer that scales each parameter's step manage parameters of very different scales?

Noise-free quadratics whose directions differ by a ratio R from first to last, in three ways that cross the
scale of parameters with that of gradients; the start is ±h^(-start), so parameters differ by κ^start and
gradients by κ^(1 - start):
    gradients    gradients differ by R, the ways that parameters have to go hardly (κ = R^(1/0.9), start 0.1)
    parameters   the ways differ by R, gradients hardly (the same κ, start 0.9)
    both         both differ by R (κ = R², start 0.5)
"Hardly" and not at all, because with exactly equal ways one lucky step of Adam solves every coordinate at
once. Each axis-aligned, where a parameter has one scale, and rotated, where every parameter mixes all.
Steps to the same relative loss of SGD-M and Adam, each tuned over a grid of its own of the same number of
points.
"""

from ..protocol.ranking import TEST_SEEDS
from ..tuning.quadratic_grid import ADAM, MOMENTUM, fewest_steps

name, title, quiet = "scale_ratio", "scale ratios: SGD-M against Adam, axis-aligned and rotated", False
ARMS = {"sgd_momentum": MOMENTUM, "adam": ADAM}
WAYS = {  # power of R in κ, start of the quadratic
    "gradients": (1 / 0.9, 0.1),
    "parameters": (1 / 0.9, 0.9),
    "both": (2, 0.5),
}
TARGET = 1e-6  # of the initial loss: small enough to need the flattest direction of every way
SEED = TEST_SEEDS[0]
BUDGETS = {
    "smoke": None,
    "quick": (1, 10, 100, 1000),
    "standard": (1, 3, 10, 30, 100, 300, 1000),
    "full": (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000),
}


def plans(context):
    ratios = BUDGETS.get(context.profile.name)
    if ratios is None or not context.wants("quadratic"):
        return {}
    return {
        f"{way}, {frame}": _plan(context, way, frame, ratios)
        for way in WAYS
        for frame in ("aligned", "rotated")
    }


def horizon(kappa):
    """Steps after which an arm counts as not reaching the target: eight times what tuned momentum needs."""
    return round(20 * kappa**0.5 + 300)


def _problem(way, ratio):
    """(κ, start) of the quadratic; at R = 1 all ways are one problem."""
    power, start = WAYS[way]
    return (float(f"{ratio**power:.6g}"), start) if ratio > 1 else (1, 0.5)


def _plan(context, way, frame, ratios):
    arms, horizons = {arm: [] for arm in ARMS}, []
    for ratio in ratios:
        kappa, start = _problem(way, ratio)
        options = {"kappa": kappa, "rotated": int(frame == "rotated"), "start": start}
        horizons.append(horizon(kappa))
        for arm, grid in ARMS.items():
            found = yield from fewest_steps(context, grid, options, horizons[-1], TARGET, SEED)
            arms[arm].append(found)
    return {
        "way": way,
        "frame": frame,
        "ratios": list(ratios),
        "target": TARGET,
        "horizons": horizons,
        "arms": {arm: [found["steps"] for found in row] for arm, row in arms.items()},
        "hyper": {arm: [found["hyper"] for found in row] for arm, row in arms.items()},
    }
