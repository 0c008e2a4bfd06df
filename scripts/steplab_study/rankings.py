"""Rankings read as numbers: per problem and protocol the curves, steps and seconds to the target of every
optimizer.

Steps are infinite where a seed does not reach the target, and 0 where the shortest rung of the ladder
ends below it already: the ladder is never extrapolated, so that such a seed decides nothing either.
"""

import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from . import protocol
from .stats import (
    SEED,
    censored_summary,
    geometric_interval,
    median_interval,
    paired_ratio,
    product_interval,
    product_ratio,
    ratio_of_medians,
    steps_to_target,
    widened,
)

RESAMPLES = 2000  # of the tuning budget


@dataclass
class Arm:
    """One optimizer on one problem under one protocol."""

    id: str
    data: dict  # of the ranking's outcome
    times: dict  # {"step": [s], "optimizer": [s], "again": [s]}, one a round; {} when not timed
    ladder: bool

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
        if self.ladder:
            return [ladder_steps(self.rungs, seed, loss) for seed in range(len(self.finals()))]
        return [steps_to_target(curve, loss) for curve in self.curves]

    def relative_grid(self, loss):
        """The evaluation grid relative to the steps to `loss`: a crossing is known no finer.

        The ladder has none.
        """
        if self.ladder:
            return 0.0
        found = geometric_interval(_known(self.steps(loss)))
        return self.data["grid"] / found.value if found else 0.0

    def steps_interval(self, loss):
        """Geometric mean over seeds; None when a seed does not know its steps."""
        return widened(geometric_interval(_known(self.steps(loss))), self.relative_grid(loss))

    def censored(self, loss):
        return censored_summary(self.steps(loss))

    def seconds_interval(self, loss, floor=0.0):
        if not self.timings:
            return None
        return product_interval(
            _known(self.steps(loss)), self.timings, floor=math.hypot(floor, self.relative_grid(loss))
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
        if self.ladder:
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
        found = [
            (math.log(r["horizon"]), math.log(geometric_interval(r["finals"]).value))
            for r in self.rungs
            if all(math.isfinite(x) and x > 0 for x in r["finals"])
        ]
        if len(found) < 2:
            return None
        (t0, l0), (t1, l1) = found[0], found[-1]
        return abs((t1 - t0) / (l1 - l0)) if l1 != l0 else None


def _known(steps):
    """Steps of 0 stand for 'fewer than the shortest rung': as unknown as infinity."""
    return [s if s > 0 else math.inf for s in steps]


def ladder_steps(rungs, seed, loss):
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


@dataclass
class Ranking:
    """One workload at one size under one protocol."""

    data: dict
    times: dict = field(default_factory=dict)  # {optimizer: times}

    @property
    def name(self):
        return self.data["problem"]

    @property
    def title(self):
        """The name with its protocol, as in tables."""
        return f"{self.name}, {self.schedule}" + (", clipped" if self.clipped else "")

    @property
    def clipped(self):
        return self.data["clip_norm"] is not None

    def __getattr__(self, word):
        if word in ("workload", "size", "parameters", "steps", "batch", "schedule", "target"):
            return self.data[word]
        raise AttributeError(word)

    @cached_property
    def arms(self):
        ladder = self.schedule == "cosine"
        return {o: Arm(o, arm, self.times.get(o, {}), ladder) for o, arm in self.data["arms"].items()}

    @property
    def goals(self):
        """{name: loss} of the frozen target and the looser ones, strictest first."""
        return {"target": self.target["loss"], **self.target["looser"]} if self.target else {}

    @property
    def floor(self):
        """Relative difference between the two names of the reference arm in the quiet timings."""
        times = self.times.get(protocol.REFERENCE)
        if not times or not times["again"] or not times["step"]:
            return 0.0
        return abs(median_interval(times["again"]).value / median_interval(times["step"]).value - 1)

    def has(self, *optimizers):
        return all(o in self.arms for o in optimizers)

    def _grid(self, top, bottom, loss):
        return math.hypot(self.arms[top].relative_grid(loss), self.arms[bottom].relative_grid(loss))

    def step_time_ratio(self, top, bottom):
        """Time of a whole training step with `top` ÷ with `bottom`; None when one was not timed."""
        if not (self.arms[top].timings and self.arms[bottom].timings):
            return None
        return ratio_of_medians(self.arms[top].timings, self.arms[bottom].timings)

    def decided(self, goal, *optimizers):
        """Whether few enough seeds lack their steps to say something."""
        for optimizer in optimizers:
            steps = _known(self.arms[optimizer].steps(self.goals[goal]))
            if not steps or sum(not math.isfinite(s) for s in steps) / len(steps) > protocol.CENSORED_LIMIT:
                return False
        return True

    def steps_ratio(self, top, bottom, goal="target", level=0.95):
        """Steps of `top` ÷ steps of `bottom`, paired by seed; None when one is censored or missing."""
        if goal not in self.goals:
            return None
        loss = self.goals[goal]
        a, b = (_known(self.arms[o].steps(loss)) for o in (top, bottom))
        return widened(paired_ratio(a, b, level), self._grid(top, bottom, loss))

    def seconds_ratio(self, top, bottom, goal="target", level=0.95):
        if goal not in self.goals:
            return None
        a, b = self.arms[top], self.arms[bottom]
        if not (a.timings and b.timings):
            return None
        loss = self.goals[goal]
        floor = math.hypot(self.floor, self._grid(top, bottom, loss))
        return product_ratio(_known(a.steps(loss)), a.timings, _known(b.steps(loss)), b.timings, level, floor)

    def band(self, top, bottom, goal="target"):
        """Half-width of the log ratio of steps that the luck of the search alone makes: 95 % of resampled
        budgets."""
        if goal not in self.goals:
            return None
        halves = []
        for arm in (self.arms[top], self.arms[bottom]):
            slope = arm.horizon_slope() if arm.ladder else 1.0
            values = arm.best_of_budget(self.goals[goal])
            if slope is None or not len(values):
                return None
            low, high = np.percentile(values, [2.5, 97.5])
            halves.append(slope * (high - low) / 2)
        return math.hypot(*halves)

    def separated(self, top, bottom, goal="target", ratio=None):
        """'fewer' or 'more' steps (or seconds, for that `ratio`) when the interval excludes 1 and the gap
        is larger than the band."""
        ratio = self.steps_ratio(top, bottom, goal) if ratio is None else ratio
        if ratio is None:
            return "not measured"
        band = self.band(top, bottom, goal)
        if band is None or abs(math.log(ratio.value)) <= band or ratio.low <= 1 <= ratio.high:
            return "not separated"
        return "fewer" if ratio.value < 1 else "more"


def rankings_of(outcomes, step_times):
    """[Ranking] of the outcomes of studies/ranking.py and studies/step_times.py, {problem: times}."""
    return [Ranking(data, step_times.get(data["problem"], {})) for data in outcomes.values()]
