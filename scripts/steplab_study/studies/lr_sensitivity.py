"""How exactly must the learning rate be chosen?

Final validation loss over a grid of learning rates ×1.78, constant rate, same number of steps, per seed.
The near-best band is the rates whose mean loss over seeds exceeds the lowest by at most 5 %; the grid grows
on both sides until the band is left, with all seeds and with any one left out, as its interval needs. Arms:
SGD, SGD with momentum fixed at 0.9, Adam; on the transformers AdamW with a warm-up of 10 % too. On the small
MLP also a rate 16 times smaller than SGD's best, for as many steps and for 16 times as many.
"""

import math

from ..protocol.ranking import TEST_SEEDS
from ..trials.read import final_loss
from ..tuning.rate_grid import best_position, explore, lacking_band, leave_one_out, quarter_decade

name, title, quiet = "lr_sensitivity", "sensitivity to the learning rate", False
ARMS = {  # rule, hyperparameters, warm-up, first grid points: lr = 10^(k/4)
    "sgd": ("sgd", {}, 0.0, (-6, -3, 0)),
    "sgd_momentum": ("sgd", {"momentum": 0.9}, 0.0, (-10, -7, -4)),
    "adam": ("adam", {}, 0.0, (-12, -9, -6)),
    "adamw": ("adamw", {}, 0.1, (-12, -9, -6)),
}
LIMITS = (-24, 12)
EVALUATIONS = 10  # of a trial; the loss is the mean of the last three
SMALLER = 16  # how many times smaller the small rate is, and how many times longer its run
BUDGETS = {  # workload, size: steps, batch, seeds
    "smoke": None,
    "quick": {
        ("logistic", "small"): (300, 64, 10),
        ("mlp", "small"): (300, 64, 10),
        ("mlp", "medium"): (200, 64, 6),
        ("transformer", "small"): (150, 16, 4),
    },
    "standard": {
        ("logistic", "small"): (1000, 64, 20),
        ("softmax", "small"): (600, 256, 20),
        ("mlp", "small"): (1000, 64, 20),
        ("mlp", "medium"): (600, 64, 8),
        ("cnn", "small"): (400, 64, 8),
        ("transformer", "small"): (400, 16, 8),
        ("transformer", "medium"): (300, 16, 8),
    },
    "full": {
        ("logistic", "small"): (4000, 64, 20),
        ("softmax", "small"): (2000, 256, 20),
        ("mlp", "small"): (4000, 64, 20),
        ("mlp", "medium"): (4000, 64, 10),
        ("cnn", "small"): (2000, 64, 10),
        ("transformer", "small"): (2000, 16, 10),
        ("transformer", "medium"): (2000, 16, 8),
    },
}


def plans(context):
    budget = BUDGETS.get(context.profile.name) or {}
    return {
        f"{workload}/{size}": _Problem(context, workload, size, steps, batch, TEST_SEEDS[:seeds]).plan()
        for (workload, size), (steps, batch, seeds) in budget.items()
        if context.wants(workload)
    }


class _Problem:
    """One workload at one size."""

    def __init__(self, context, workload, size, steps, batch, seeds):
        self.context, self.workload, self.size = context, workload, size
        self.steps, self.batch, self.seeds = steps, batch, seeds

    def trial(self, arm, rate, seed, longer=1):
        rule, fixed, warmup, _ = ARMS[arm]
        return self.context.train(
            self.workload,
            self.size,
            rule,
            {"lr": rate, **fixed},
            seed=seed,
            steps=self.steps * longer,
            batch=self.batch,
            warmup=warmup,
            evaluations=EVALUATIONS,
        )

    def plan(self):
        arms = {}
        for arm in ARMS:
            if arm != "adamw" or self.workload == "transformer":
                arms[arm] = yield from self._arm(arm)
        patience = None
        if self.workload == "mlp" and self.size == "small":
            patience = yield from self._patience(arms["sgd"])
        return {
            "problem": f"{self.workload}/{self.size}",
            "steps": self.steps,
            "batch": self.batch,
            "arms": arms,
            "small_rate": patience,
        }

    def _arm(self, arm):
        curves = yield from explore(
            lambda k, seed: self.trial(arm, quarter_decade(k), seed),
            final_loss,
            self.seeds,
            ARMS[arm][3],
            lacking_band,
            LIMITS,
            leave_one_out,
        )
        points = sorted(set.intersection(*(set(curve) for curve in curves)))
        return {
            "points": points,
            "rates": [quarter_decade(k) for k in points],
            "losses": [[curve[k] for curve in curves] for k in points],
            "best": [_best(curve) for curve in curves],
        }

    def _patience(self, arm):
        """The small rate's final losses per seed, after as many steps and after more, beside the best
        rate's."""
        means = [sum(losses) / len(losses) for losses in arm["losses"]]
        at = min(range(len(means)), key=means.__getitem__)
        if not math.isfinite(means[at]):
            return None
        rate = arm["rates"][at] / SMALLER
        asked = [(seed, longer) for longer in (1, SMALLER) for seed in self.seeds]
        results = yield [self.trial("sgd", rate, seed, longer) for seed, longer in asked]
        losses = [final_loss(result) for result in results]
        count = len(self.seeds)
        return {
            "best_rate": arm["rates"][at],
            "rate": rate,
            "longer": SMALLER,
            "best": arm["losses"][at],
            "same_steps": losses[:count],
            "more_steps": losses[count:],
        }


def _best(curve):
    """The best rate of a seed; None at an edge."""
    position = best_position(curve)
    return None if position is None else quarter_decade(position)
