"""Rankings read as numbers: per problem and protocol the curves, steps and seconds to the target of every
optimizer."""

import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..protocol import ranking as protocol
from ..statistics.intervals import (
    exponential,
    median,
    paired_ratio,
    product_ratio,
    quotient,
    ratio_of_medians,
    widened,
)
from ..statistics.signed_ranks import signed_rank_interval
from .arm import Arm


@dataclass
class Ranking:
    """One workload at one size under one protocol."""

    data: dict
    times: dict = field(default_factory=dict)  # {optimizer: times}
    floor: float = 0.0  # relative difference that the quiet timings cannot tell: pooled_floor

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

    def has(self, *optimizers):
        return all(o in self.arms for o in optimizers)

    def _grid(self, top, bottom, loss):
        return math.hypot(self.arms[top].relative_grid(loss), self.arms[bottom].relative_grid(loss))

    def step_time_ratio(self, top, bottom):
        """Time of a whole training step with `top` ÷ with `bottom`; None when one was not timed."""
        if not (self.arms[top].timings and self.arms[bottom].timings):
            return None
        return ratio_of_medians(self.arms[top].timings, self.arms[bottom].timings)

    def steps_ratio(self, top, bottom, goal="target", level=0.95):
        """Steps of `top` ÷ steps of `bottom`, paired by seed; None where fewer than three seeds tell one from
        the other.

        A seed that never reaches the target counts as slower than every other, and one whose shortest run
        ends below it as faster: the interval is then that of signed ranks, and may end at infinity.
        """
        if goal not in self.goals:
            return None
        loss = self.goals[goal]
        a, b = (self.arms[o].steps(loss) for o in (top, bottom))
        if all(map(_exact, (*a, *b))):
            found = paired_ratio(a, b, level)
        else:
            pairs = [(x, y) for x, y in zip(a, b) if x != y or _exact(x)]
            found = exponential(signed_rank_interval([_log(x) - _log(y) for x, y in pairs], level))
        return widened(found, self._grid(top, bottom, loss))

    def bounded_steps_ratio(self, top, bottom, goal="target"):
        """Geometric mean of the seeds' ratios, where a seed that never arrives counts with its longest run,
        and one that arrives at once with the shortest: a bound, where there is no mean."""
        logs = []
        for steps in zip(*(self.arms[o].steps(self.goals[goal]) for o in (top, bottom))):
            runs = [self.arms[o].runs for o in (top, bottom)]
            logs.append(_log(_bounded(steps[0], runs[0])) - _log(_bounded(steps[1], runs[1])))
        return math.exp(sum(logs) / len(logs))

    def seconds_ratio(self, top, bottom, goal="target", level=0.95):
        """Seconds of `top` ÷ seconds of `bottom` to the target, as steps_ratio; None without timings."""
        if goal not in self.goals:
            return None
        a, b = self.arms[top], self.arms[bottom]
        if not (a.timings and b.timings):
            return None
        loss = self.goals[goal]
        steps = a.steps(loss), b.steps(loss)
        if all(map(_exact, (*steps[0], *steps[1]))):
            floor = math.hypot(self.floor, self._grid(top, bottom, loss))
            return product_ratio(steps[0], a.timings, steps[1], b.timings, level, floor)
        counted = self.steps_ratio(top, bottom, goal, level)
        if counted is None:
            return None
        return widened(quotient(counted, ratio_of_medians(b.timings, a.timings, level)), self.floor)

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
        if luck is None or abs(_log(ratio.value)) <= luck or ratio.low <= 1 <= ratio.high:
            return "not separated"
        return "fewer" if ratio.value < 1 else "more"


def _exact(steps):
    """Whether it is a number of steps, not 'never' (infinity) nor 'fewer than the shortest run' (0)."""
    return 0 < steps < math.inf


def _log(steps):
    return math.log(steps) if _exact(steps) else (math.inf if steps else -math.inf)


def _bounded(steps, runs):
    return min(max(steps, runs[0]), runs[-1])


def pooled_floor(step_times):
    """Half-width of the 95 % range of the relative difference between two names of one optimizer, over all
    problems whose reference was timed twice; 0 without any. One pair alone would tell little of its own
    problem."""
    timed = [times.get(protocol.REFERENCE, {}) for times in step_times.values()]
    pairs = [(t["again"], t["step"]) for t in timed if t.get("again") and t.get("step")]
    logs = [math.log(median(again) / median(first)) for again, first in pairs]
    return math.expm1(1.96 * math.sqrt(sum(x * x for x in logs) / len(logs))) if logs else 0.0


def rankings_of(outcomes, step_times):
    """[Ranking] of the outcomes of studies/ranking.py and studies/step_times.py, {problem: times}."""
    floor = pooled_floor(step_times)
    return [Ranking(data, step_times.get(data["problem"], {}), floor) for data in outcomes.values()]
