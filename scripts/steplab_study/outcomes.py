"""Convergence read back from the store: per problem and optimizer the test curves, steps and seconds to
target.

Everything is recomputed from trials, frozen targets and quiet timings; a problem whose phases are not
finished is given with what it has.
"""

import math
from dataclasses import dataclass, field

from . import protocol
from .stats import (
    censored_summary,
    final_loss,
    geometric_interval,
    median_interval,
    paired_ratio,
    product_interval,
    product_ratio,
    ratio_of_medians,
    steps_to_target,
    widened,
)


@dataclass
class Arm:
    """One optimizer on one problem."""

    id: str
    choice: dict
    trials: list
    timings: list  # seconds of a whole training step, one a round
    optimizer_timings: list  # the optimizer's part of them
    again: list = field(default_factory=list)
    grid: int = 1  # steps between two evaluations: a crossing is known no finer

    @property
    def label(self):
        return protocol.OPTIMIZERS[self.id].label

    @property
    def curves(self):
        """[(step, validation loss or None)] of every test seed."""
        return [[(e["step"], e["validation_loss"]) for e in t["evaluations"]] for t in self.trials]

    @property
    def diverged(self):
        return sum(bool(t["diverged"]) for t in self.trials)

    def finals(self):
        return [
            math.inf if t["diverged"] else final_loss(c, protocol.LAST)
            for t, c in zip(self.trials, self.curves)
        ]

    def accuracies(self):
        return [t["test"]["accuracy"] for t in self.trials if t.get("test", {}).get("accuracy") is not None]

    def steps(self, loss):
        """Steps to the target of every test seed; infinite where it is not reached."""
        return [
            math.inf if t["diverged"] and not _reached(c, loss) else steps_to_target(c, loss)
            for t, c in zip(self.trials, self.curves)
        ]

    def steps_interval(self, loss):
        return (
            widened(geometric_interval(self.steps(loss)), self.relative_grid(loss)) if self.trials else None
        )

    def relative_grid(self, loss):
        """The evaluation grid relative to the steps to `loss`."""
        found = geometric_interval(self.steps(loss))
        return self.grid / found.value if found else 0.0

    def censored(self, loss):
        return censored_summary(self.steps(loss))

    def seconds_interval(self, loss, floor=0.0):
        if not self.trials or not self.timings:
            return None
        return product_interval(
            self.steps(loss), self.timings, floor=math.hypot(floor, self.relative_grid(loss))
        )

    def step_time(self):
        return median_interval(self.timings) if self.timings else None

    def optimizer_time(self):
        return median_interval(self.optimizer_timings) if self.optimizer_timings else None


def _reached(curve, loss):
    return math.isfinite(steps_to_target(curve, loss))


@dataclass
class ProblemOutcome:
    """One workload at one size."""

    workload: str
    size: str
    steps: int
    batch: int
    options: list
    parameters: int
    target: dict
    arms: dict

    @property
    def name(self):
        return f"{self.workload}/{self.size}"

    @property
    def goals(self):
        """{name: loss} of the frozen target and the looser ones, strictest first."""
        if not self.target:
            return {}
        return {"target": self.target["loss"], **self.target["looser"]}

    @property
    def floor(self):
        """Relative difference between the two names of the reference arm in the quiet timings."""
        arm = self.arms.get(protocol.REFERENCE)
        if arm is None or not arm.again or not arm.timings:
            return 0.0
        return abs(median_interval(arm.again).value / median_interval(arm.timings).value - 1)

    def has(self, *optimizers):
        return all(o in self.arms for o in optimizers)

    def _grid(self, top, bottom, loss):
        """What the evaluation grid leaves open in a ratio of steps."""
        return math.hypot(self.arms[top].relative_grid(loss), self.arms[bottom].relative_grid(loss))

    def step_time_ratio(self, top, bottom):
        """Time of a whole training step with `top` ÷ with `bottom`; None when one was not timed."""
        if not self.has(top, bottom) or not (self.arms[top].timings and self.arms[bottom].timings):
            return None
        return ratio_of_medians(self.arms[top].timings, self.arms[bottom].timings)

    def decided(self, goal, *optimizers):
        """Whether every seed share without the target is small enough to say something."""
        for name in optimizers:
            found = self.arms[name].censored(self.goals[goal])
            if found["of"] == 0 or 1 - found["reached"] / found["of"] > protocol.CENSORED_LIMIT:
                return False
        return True

    def steps_ratio(self, top, bottom, goal="target"):
        """Steps of `top` ÷ steps of `bottom`, paired by seed; None when one is censored or missing."""
        if goal not in self.goals or not self.has(top, bottom):
            return None
        loss = self.goals[goal]
        a, b = self.arms[top].steps(loss), self.arms[bottom].steps(loss)
        return widened(paired_ratio(a, b), self._grid(top, bottom, loss)) if a and len(a) == len(b) else None

    def seconds_ratio(self, top, bottom, goal="target"):
        if goal not in self.goals or not self.has(top, bottom):
            return None
        a, b = self.arms[top], self.arms[bottom]
        if not (a.trials and len(a.trials) == len(b.trials) and a.timings and b.timings):
            return None
        loss = self.goals[goal]
        floor = math.hypot(self.floor, self._grid(top, bottom, loss))
        return product_ratio(a.steps(loss), a.timings, b.steps(loss), b.timings, floor=floor)


def load_problems(store, runs):
    """([ProblemOutcome], settings) of the latest convergence run; ([], None) when there is none."""
    run = next((r for r in reversed(runs) if r["settings"].get("protocol")), None)
    if run is None:
        return [], None
    settings, key = run["settings"]["protocol"], run["settings"]["protocol_key"]
    choices, targets = store.choices(key), store.targets(key)
    problems = []
    for workload, size, steps, batch, options in settings["problems"]:
        name = f"{workload}/{size}"
        arms = {o: _arm(store, o, choices[name, o]) for o in protocol.OPTIMIZERS if (name, o) in choices}
        count = next((t["parameters"] for arm in arms.values() for t in arm.trials), 0)
        if arms and count:
            problems.append(
                ProblemOutcome(workload, size, steps, batch, options, count, targets.get(name), arms)
            )
    return problems, settings


def _arm(store, optimizer, choice):
    trials = [store.trial(c) for c in choice["test"]]
    if any(t is None for t in trials):
        trials = []  # not all seeds are done: nothing to pair
    timings, again = (store.timings(c) for c in choice["timing"])
    return Arm(
        optimizer,
        choice,
        trials,
        [t["step"] for t in timings],
        [t["optimizer"] for t in timings],
        [t["step"] for t in again],
        choice["test"][0]["eval_every"],
    )
