"""One optimizer on one problem: its curves, its steps and its seconds to a target.

Steps are infinite where a seed does not reach the target, and 0 where the shortest rung of the ladder
ends below it already: the ladder is never extrapolated. Neither has a mean; both tell who was first.
"""

import math
from dataclasses import dataclass

import numpy as np

from ..protocol import ranking as protocol
from ..statistics.intervals import (
    SEED,
    censored_summary,
    geometric_interval,
    median_interval,
    product_interval,
    widened,
)
from ..trials.read import steps_to_target

RESAMPLES = 2000  # of the tuning budget


@dataclass
class Arm:
    """One optimizer on one problem under one protocol."""

    id: str
    data: dict  # of the ranking's outcome
    times: dict  # {"step": [s], "optimizer": [s], "again": [s]}, one a round; {} when not timed
    by_horizons: bool  # steps are read off the ladder of horizons, not off a curve

    @property
    def label(self):
        return protocol.OPTIMIZERS[self.id].label

    @property
    def choice(self):
        return self.data["choice"]

    @property
    def curves(self):
        """[(step, validation loss or None)] of every test seed."""
        return self.data["curves"]

    @property
    def rungs(self):
        """[{"horizon", "rate_factor", "finals"}] of the ladder, shortest first; [] under the constant
        protocol."""
        return self.data["rungs"]

    @property
    def diverged(self):
        return self.data["diverged"]

    @property
    def timings(self):
        return self.times.get("step", [])

    def finals(self):
        return self.data["finals"]

    def accuracies(self):
        return self.data["accuracies"]

    def steps(self, loss):
        """Steps to the target of every test seed."""
        if self.by_horizons:
            return [horizon_steps(self.rungs, seed, loss) for seed in range(len(self.finals()))]
        return [steps_to_target(curve, loss) for curve in self.curves]

    @property
    def runs(self):
        """(steps of the shortest run, of the longest) that steps are read from."""
        if self.by_horizons:
            return self.rungs[0]["horizon"], self.rungs[-1]["horizon"]
        return self.data["grid"], self.curves[0][-1][0]

    def relative_grid(self, loss):
        """How finely a crossing is known, relative to the steps to `loss`: the evaluation grid, or what the
        ladder's interpolation misses."""
        if self.by_horizons:
            return self.interpolation_error()
        found = geometric_interval(known(self.steps(loss)))
        return self.data["grid"] / found.value if found else 0.0

    def interpolation_error(self):
        """What log-log interpolation between two rungs misses: each inner rung is guessed from its two
        neighbours, and a quarter of the worst error counted, as a gap between neighbours is half as wide
        (what bends, bends with its square). 0 without an inner rung that lies between its neighbours."""
        found = [(math.log(r["horizon"]), _log_mean(r["finals"])) for r in self.rungs]
        errors = [0.0]
        for (t0, l0), (t, loss), (t1, l1) in zip(found, found[1:], found[2:]):
            if None not in (l0, loss, l1) and l1 < loss < l0:
                errors.append(abs(t0 + (t1 - t0) * (l0 - loss) / (l0 - l1) - t) / 4)
        return math.expm1(max(errors))

    def steps_interval(self, loss):
        """Geometric mean over seeds; None when a seed does not know its steps."""
        return widened(geometric_interval(known(self.steps(loss))), self.relative_grid(loss))

    def censored(self, loss):
        return censored_summary(self.steps(loss))

    def seconds_interval(self, loss, floor=0.0):
        if not self.timings:
            return None
        return product_interval(
            known(self.steps(loss)), self.timings, floor=math.hypot(floor, self.relative_grid(loss))
        )

    def step_time(self):
        return median_interval(self.timings) if self.timings else None

    def optimizer_time(self):
        return median_interval(self.times["optimizer"]) if self.timings else None

    def best_of_budget(self, loss):
        """Log steps (constant) or log final loss (cosine) of the best point of the search, drawn
        RESAMPLES times from its points with replacement: how much of a ranking is the luck of the
        search."""
        points = self.data["search"]
        losses = np.array([p["loss"] for p in points])
        if self.by_horizons:
            values = np.log(np.maximum(losses, 1e-30))
        else:
            last = self.curves[0][-1][0]
            steps = [min(steps_to_target(p["curve"], loss), last) for p in points]
            values = np.log(steps)
        draws = np.random.default_rng(SEED).integers(len(points), size=(RESAMPLES, len(points)))
        best = draws[np.arange(RESAMPLES), np.argmin(losses[draws], axis=1)]
        return values[best][np.isfinite(losses[best])]

    def horizon_slope(self):
        """Change of log horizon with log final loss along the ladder; None with fewer than two rungs."""
        found = [(math.log(r["horizon"]), _log_mean(r["finals"])) for r in self.rungs]
        found = [(t, loss) for t, loss in found if loss is not None]
        if len(found) < 2:
            return None
        (t0, l0), (t1, l1) = found[0], found[-1]
        return abs((t1 - t0) / (l1 - l0)) if l1 != l0 else None


def _log_mean(finals):
    """Mean of the logarithms; None where a run diverged or ended at 0."""
    if not all(math.isfinite(x) and x > 0 for x in finals):
        return None
    return sum(map(math.log, finals)) / len(finals)


def known(steps):
    """Steps of 0 stand for 'fewer than the shortest rung': as unknown as infinity."""
    return [s if s > 0 else math.inf for s in steps]


def horizon_steps(rungs, seed, loss):
    """The horizon at which a seed's run would end at `loss`: log-log between the two rungs around it."""
    before = None
    for rung in rungs:
        here = rung["horizon"], rung["finals"][seed]
        if here[1] <= loss:
            if before is None:
                return 0.0
            (short, above), (long, below) = before, here
            if not math.isfinite(above) or below <= 0 or above <= below:
                return float(long)
            share = math.log(above / loss) / math.log(above / below)
            return short * (long / short) ** share
        before = here
    return math.inf
