"""Rankings read as numbers: per problem and protocol the curves, steps and seconds to the target of every
optimizer."""

import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..protocol import ranking as protocol
from ..statistics.intervals import median_interval, paired_ratio, product_ratio, ratio_of_medians, widened
from .arm import Arm, known


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
        by_horizons = self.schedule == "cosine"
        return {o: Arm(o, arm, self.times.get(o, {}), by_horizons) for o, arm in self.data["arms"].items()}

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
            steps = known(self.arms[optimizer].steps(self.goals[goal]))
            if not steps or sum(not math.isfinite(s) for s in steps) / len(steps) > protocol.CENSORED_LIMIT:
                return False
        return True

    def steps_ratio(self, top, bottom, goal="target", level=0.95):
        """Steps of `top` ÷ steps of `bottom`, paired by seed; None when one is censored or missing."""
        if goal not in self.goals:
            return None
        loss = self.goals[goal]
        a, b = (known(self.arms[o].steps(loss)) for o in (top, bottom))
        return widened(paired_ratio(a, b, level), self._grid(top, bottom, loss))

    def seconds_ratio(self, top, bottom, goal="target", level=0.95):
        if goal not in self.goals:
            return None
        a, b = self.arms[top], self.arms[bottom]
        if not (a.timings and b.timings):
            return None
        loss = self.goals[goal]
        floor = math.hypot(self.floor, self._grid(top, bottom, loss))
        return product_ratio(known(a.steps(loss)), a.timings, known(b.steps(loss)), b.timings, level, floor)

    def luck_of_tuning(self, top, bottom, goal="target"):
        """Half-width of the log ratio of steps that the luck of the search alone makes: 95 % of resampled
        budgets."""
        if goal not in self.goals:
            return None
        halves = []
        for arm in (self.arms[top], self.arms[bottom]):
            slope = arm.horizon_slope() if arm.by_horizons else 1.0
            values = arm.best_of_budget(self.goals[goal])
            if slope is None or not len(values):
                return None
            low, high = np.percentile(values, [2.5, 97.5])
            halves.append(slope * (high - low) / 2)
        return math.hypot(*halves)

    def separated(self, top, bottom, goal="target", ratio=None):
        """'fewer' or 'more' steps (or seconds, for that `ratio`) when the interval excludes 1 and the gap
        is larger than the luck of tuning."""
        ratio = self.steps_ratio(top, bottom, goal) if ratio is None else ratio
        if ratio is None:
            return "not measured"
        luck = self.luck_of_tuning(top, bottom, goal)
        if luck is None or abs(math.log(ratio.value)) <= luck or ratio.low <= 1 <= ratio.high:
            return "not separated"
        return "fewer" if ratio.value < 1 else "more"


def rankings_of(outcomes, step_times):
    """[Ranking] of the outcomes of studies/ranking.py and studies/step_times.py, {problem: times}."""
    return [Ranking(data, step_times.get(data["problem"], {})) for data in outcomes.values()]
