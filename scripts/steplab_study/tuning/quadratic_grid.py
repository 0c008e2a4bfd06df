"""Fewest steps to a relative loss on a noise-free quadratic: a grid of two hyperparameters, then again
around its best point.

h_max is 1. Rates of SGD and SGD-M are shares s of their stability limit, lr = 2 (1 + μ) s; momentum is
gridded as 1 - μ. Adam's rates cover six decades and β1 is gridded as 1 - β1; β2 keeps its default.
"""

import math
from dataclasses import dataclass
from typing import Callable

from ..engine.requests import Crossings
from ..trials.read import crossing, curve

EVALUATIONS = 200  # of a trial: its steps are known to a 200th of the horizon, and interpolated below that


@dataclass(frozen=True)
class Arm:
    """`grid`: points (rate, 1 - momentum); `around`: more points near one; `hyper`: of a point."""

    rule: str
    grid: tuple
    around: Callable
    hyper: Callable


def _sgd_hyper(point):
    share, rest = point
    return {"lr": 2 * (2 - rest) * share, "momentum": 1 - rest}


def _adam_hyper(point):
    rate, rest = point
    return {"lr": rate, "beta1": 1 - rest}


def _toward_limit(share):
    """Shares nearer to the stability limit and farther from it."""
    if share <= 0.5:
        return (share / 2, share, share * 1.5)
    return (1 - 2 * (1 - share), share, 1 - (1 - share) / 2)


def _around_sgd(point):
    share, rest = point
    rests = [rest * f for f in (0.6, 0.7, 0.84, 1.19, 1.4) if rest * f < 1]
    return [(s, r) for s in _toward_limit(share) for r in rests]


def _around_adam(point):
    rate, rest = point
    rests = [r for r in (rest * 0.7, rest, rest * 1.4) if r <= 1]
    return [(rate * f, r) for f in (0.4, 0.56, 0.75, 1.33, 1.8) for r in rests]


_SHARES = (0.5, 0.8, 0.95)
_LIMITS = tuple(1 - 0.5**k for k in range(1, 9))  # 0.5 … 0.996
GD = Arm("sgd", tuple((s, 1.0) for s in _LIMITS), lambda point: [], _sgd_hyper)
FIXED_MOMENTUM = Arm("sgd", tuple((s, 0.1) for s in _LIMITS), lambda point: [], _sgd_hyper)
MOMENTUM = Arm("sgd", tuple((s, 0.5**j) for s in _SHARES for j in range(13)), _around_sgd, _sgd_hyper)
ADAM = Arm(
    "adam",
    tuple((10 ** (k / 2), rest) for k in range(-6, 7) for rest in (1.0, 0.3, 0.1)),
    _around_adam,
    _adam_hyper,
)


def fewest_steps(context, arm, options, steps, target, seed, size="small"):
    """Plan: {"steps", "hyper"} of the best point; infinite when none reached the target within `steps`."""
    tried, points = {}, arm.grid
    for _ in range(2):
        trials = [
            context.train(
                "quadratic",
                size,
                arm.rule,
                arm.hyper(point),
                seed=seed,
                steps=steps,
                batch=1,
                options=options,
                evaluations=EVALUATIONS,
            )
            for point in points
        ]
        results = yield Crossings(trials, target)
        tried |= {p: steps_of(result, target) for p, result in zip(points, results)}
        best = min(tried, key=lambda p: (tried[p], p))
        points = [p for p in arm.around(best) if p not in tried]
        if not math.isfinite(tried[best]) or not points:
            break
    return {"steps": tried[best], "hyper": arm.hyper(best)}


def steps_of(result, target):
    """Steps of a trial to `target` times its initial loss."""
    return crossing(curve(result), target * result["validation_loss"][0])
