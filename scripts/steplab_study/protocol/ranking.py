"""What decides a ranking, fixed before anything runs: optimizers, search spaces, seeds, targets.

Spaces are log-uniform. A momentum is searched as 1 - momentum, and SGD-M's learning rate as lr / (1 -
momentum), the rate that a steady gradient feels. On quadratics the rate of SGD and SGD-M is searched as lr
· h_max, and AdamW keeps its default decay: their minimum lies at 0, which a tuned decay would find without
gradients. Each optimizer gets the same number of points; SGD has one dimension, the others two.
"""

import hashlib
import math
from dataclasses import dataclass

from ..errors import UsageError

PROTOCOL_VERSION = 3
SEARCH_SEED = 11  # first tuning seed: the only one of the search
TUNING_SEEDS = tuple(range(11, 31))
TARGET_SEEDS = tuple(range(101, 121))
TEST_SEEDS = tuple(range(1001, 1041))
LAST = {
    "constant": 3,
    "cosine": 1,
}  # final loss: mean of the last evaluations; a cosine ends where its rate is 0
TRIAL_EVALUATIONS = {"constant": 50, "cosine": 10}  # of a trial; only the end of a cosine counts
WARMUP = {"constant": 0.0, "cosine": 0.05}
RATE_FACTORS = (0.5, 1.0, 2.0)  # of the chosen learning rate, tuned anew at every horizon of the ladder
RATE_STEP, MOST_RATES = 2.0, 9  # further factors while the best lies at an end, up to that many in all
CLIP_NORM = 1.0  # of the clipped arm
TARGET_MARGIN = 0.01  # the target is the worst final loss plus max(2 sd, 1 %)
LOOSE_TARGETS = {"80 %": 0.8, "50 %": 0.5}  # share of the drop from the initial loss to the target
LARGEST_CURVATURE = {"quadratic": 1.0}


@dataclass(frozen=True)
class Axis:
    """One searched dimension: ends, factor of the second stage's box, and a value that it can never
    exceed."""

    low: float
    high: float
    box: float
    cap: float = math.inf

    def widened(self, best):
        """One decade more at the edge nearer to `best`."""
        nearer_low = math.log(best / self.low) < math.log(self.high / best)
        return (
            Axis(self.low / 10, self.high, self.box, self.cap)
            if nearer_low
            else Axis(self.low, min(self.high * 10, self.cap), self.box, self.cap)
        )


@dataclass(frozen=True)
class Optimizer:
    """An arm of the comparison: its id in files, its name in text, and the rule that `steplab train`
    runs."""

    id: str
    label: str
    rule: str
    step_cell: str  # its name in the ids of the benchmarks


OPTIMIZERS = {
    o.id: o
    for o in (
        Optimizer("sgd", "SGD", "sgd", "sgd"),
        Optimizer("sgd_momentum", "SGD-M", "sgd", "sgd_momentum"),
        Optimizer("adam", "Adam", "adam", "adam"),
        Optimizer("adamw", "AdamW", "adamw", "adamw"),
    )
}
REFERENCE, COMPARED = "sgd_momentum", "adam"  # the pair of the main sentence: Adam against SGD-M

_NETWORK = {
    "sgd": {"lr": Axis(1e-2, 30, 4)},
    "sgd_momentum": {"effective_lr": Axis(1e-2, 30, 4), "one_minus_momentum": Axis(0.01, 1, 2, cap=1)},
    "adam": {"lr": Axis(1e-4, 0.1, 4), "one_minus_beta1": Axis(0.02, 0.5, 2, cap=1)},
    "adamw": {"lr": Axis(1e-4, 0.1, 4), "weight_decay": Axis(1e-3, 1, 4)},
}
_QUADRATIC = {
    "sgd": {"lr": Axis(0.1, 2, 2)},
    "sgd_momentum": {"lr": Axis(0.1, 4, 2), "one_minus_momentum": Axis(0.01, 1, 2, cap=1)},
    "adam": {"lr": Axis(1e-4, 1, 4), "one_minus_beta1": Axis(0.02, 0.5, 2, cap=1)},
    "adamw": {"lr": Axis(1e-4, 1, 4), "one_minus_beta1": Axis(0.02, 0.5, 2, cap=1)},
}
_SOFTMAX = {  # logistic regression and softmax: ten times higher rates
    "sgd": {"lr": Axis(0.1, 300, 4)},
    "sgd_momentum": {"effective_lr": Axis(0.1, 300, 4), "one_minus_momentum": Axis(0.01, 1, 2, cap=1)},
    "adam": {"lr": Axis(1e-3, 1, 4), "one_minus_beta1": Axis(0.02, 0.5, 2, cap=1)},
    "adamw": {"lr": Axis(1e-3, 1, 4), "weight_decay": Axis(1e-3, 1, 4)},
}
_ROSENBROCK = {  # curvature near the start is about 1500: grids as for quadratics, that much lower
    "sgd": {"lr": Axis(1e-5, 1e-2, 4)},
    "sgd_momentum": {"effective_lr": Axis(1e-4, 1e-1, 4), "one_minus_momentum": Axis(0.01, 1, 2, cap=1)},
    "adam": {"lr": Axis(1e-4, 1, 4), "one_minus_beta1": Axis(0.02, 0.5, 2, cap=1)},
    "adamw": {"lr": Axis(1e-4, 1, 4), "one_minus_beta1": Axis(0.02, 0.5, 2, cap=1)},
}
SPACES = {
    "quadratic": _QUADRATIC,
    "rosenbrock": _ROSENBROCK,
    "logistic": _SOFTMAX,
    "softmax": _SOFTMAX,
    "mlp": _NETWORK,
    "cnn": _NETWORK,
    "transformer": _NETWORK,
}


def sobol_seed(problem):
    """The seed of a problem's search, by its name: one for all would make the luck of the search common to
    all problems."""
    return int(hashlib.sha256(problem.encode()).hexdigest()[:8], 16)


def space(workload, optimizer):
    """{name: Axis} that `optimizer` is searched over on `workload`."""
    if workload not in SPACES:
        raise UsageError(f"no search spaces for workload '{workload}'; known: {', '.join(SPACES)}")
    return SPACES[workload][optimizer]


def hyperparameters(workload, optimizer, point):
    """(lr, {hyperparameter: value}) of a point of the space, as `steplab train` takes them."""
    unit = LARGEST_CURVATURE.get(workload, 1.0)
    if optimizer == "sgd":
        return point["lr"] / unit, {}
    if optimizer == "sgd_momentum":
        rest = point["one_minus_momentum"]
        lr = point["lr"] / unit if "lr" in point else point["effective_lr"] * rest
        return _rounded(lr), {"momentum": _rounded(1 - rest)}
    if "one_minus_beta1" in point:
        return point["lr"], {"beta1": _rounded(1 - point["one_minus_beta1"])}
    return point["lr"], {"weight_decay": point["weight_decay"]}


def _rounded(value):
    return float(f"{value:.6g}")


def target_from(finals, initial_loss):
    """The frozen target of a problem.

    `finals`: {optimizer: [final loss per target seed]}, infinite if diverged.     The worse of the two
    compared optimizers' worst final losses plus max(2 sd over its seeds, 1 %); diverged runs     are left
    out and named. None when every run of one of the two diverged.
    """
    pair = {o: finals[o] for o in (REFERENCE, COMPARED)}
    kept = {o: [x for x in losses if math.isfinite(x)] for o, losses in pair.items()}
    if not all(kept.values()):
        return None
    setter = max(kept, key=lambda o: max(kept[o]))
    losses, worst = kept[setter], max(kept[setter])
    mean = sum(losses) / len(losses)
    deviation = (
        math.sqrt(sum((x - mean) ** 2 for x in losses) / (len(losses) - 1)) if len(losses) > 1 else 0.0
    )
    loss = worst + max(2 * deviation, TARGET_MARGIN * abs(worst))
    return {
        "loss": loss,
        "set_by": setter,
        "diverged": sorted(o for o, kept_losses in kept.items() if len(kept_losses) < len(pair[o])),
        "initial_loss": initial_loss,
        "looser": {
            name: initial_loss - share * (initial_loss - loss) for name, share in LOOSE_TARGETS.items()
        },
    }
