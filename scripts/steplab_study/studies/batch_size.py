"""Does the best learning rate grow in proportion to the batch?

The rate with the lowest final validation loss over batch sizes, the number of epochs the same for all: more
steps with a smaller batch. Constant rate, SGD and Adam. The best rate of a grid ×2 on a tuning seed
predicts the centre of a grid ×√2 on the test seeds, which grows until the lowest point of every seed has
two neighbours on either side.
"""

import math

from ..protocol.ranking import TEST_SEEDS, TUNING_SEEDS
from ..statistics.intervals import paired_ratio
from ..trials.read import final_loss
from ..tuning.rate_grid import best_position, explore, half_octave, lacking_minimum, lowest

name, title, quiet = "batch_size", "best learning rate over batch sizes at equal epochs", False
BATCHES = (8, 16, 32, 64, 128, 256)
ARMS = {"sgd": (-14, -10, -6, -2, 2), "adam": (-26, -22, -18, -14, -10)}  # first points: lr = 2^(k/2)
LIMITS = (-44, 16)
EVALUATIONS = 10  # of a trial; the loss is the mean of the last three
_SMALL = ("mlp", "small", 8192, 2)
BUDGETS = {  # problems: workload, size, training samples, epochs
    "smoke": None,
    "quick": {"problems": (_SMALL,), "seeds": 5},
    "standard": {"problems": (_SMALL, ("logistic", "small", 8192, 2)), "seeds": 8},
    "full": {
        "problems": (_SMALL, ("logistic", "small", 55_000, 2), ("mlp", "medium", 55_000, 2)),
        "seeds": 10,
    },
}


def plans(context):
    budget = BUDGETS.get(context.profile.name)
    if budget is None:
        return {}
    return {
        f"{problem[0]}/{problem[1]}, {arm}": _Problem(context, arm, *problem).plan(budget["seeds"])
        for problem in budget["problems"]
        if context.wants(problem[0])
        for arm in ARMS
    }


class _Problem:
    """One optimizer on one workload."""

    def __init__(self, context, arm, workload, size, samples, epochs):
        self.context, self.arm, self.workload, self.size = context, arm, workload, size
        self.samples, self.epochs = samples, epochs

    def trial(self, batch, k, seed):
        return self.context.train(
            self.workload,
            self.size,
            self.arm,
            {"lr": half_octave(k)},
            seed=seed,
            steps=self.epochs * self.samples // batch,
            batch=batch,
            options={"train_samples": self.samples},
            evaluations=EVALUATIONS,
        )

    def plan(self, seeds):
        rows = []
        for batch in BATCHES:
            centre = yield from self._centre(batch)
            curves = yield from explore(
                lambda k, seed, batch=batch: self.trial(batch, k, seed),
                final_loss,
                TEST_SEEDS[:seeds],
                range(centre - 2, centre + 3),
                lacking_minimum(2),
                LIMITS,
            )
            rows.append(curves)
        best = [[_rate(curve) for curve in curves] for curves in rows]
        return {
            "problem": f"{self.workload}/{self.size}",
            "arm": self.arm,
            "epochs": self.epochs,
            "samples": self.samples,
            "batches": list(BATCHES),
            "best": best,
            "spread": _spread(best),
            "lowest": [[min(curve.values()) for curve in curves] for curves in rows],
        }

    def _centre(self, batch):
        """Half octaves of the best rate on a tuning seed: the grid ×4, then ×2 around its best point."""

        def trial(k, seed):
            return self.trial(batch, 2 * k, seed)

        start = [k // 2 for k in ARMS[self.arm]]
        (curve,) = yield from explore(
            trial, final_loss, TUNING_SEEDS[:1], start, lacking_minimum(1), tuple(k // 2 for k in LIMITS)
        )
        best = lowest(curve)
        return 2 * best if best is not None and math.isfinite(curve[best]) else ARMS[self.arm][2]


def _spread(best):
    """Best rate at the largest batch ÷ at the smallest, 99 % interval over seeds; None at an edge."""
    first, last = best[0], best[-1]
    return None if None in (*first, *last) else paired_ratio(last, first, 0.99)


def _rate(curve):
    """The best rate of a seed's curve; None at an edge."""
    position = best_position(curve)
    return None if position is None else half_octave(position)
