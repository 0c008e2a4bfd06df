"""Does less noise in the gradients allow a larger learning rate?

Quadratics of one condition number with gradient noise over two decades, at the same batch and number of
steps: the rate with the lowest final loss on a grid ×√2, per seed, for SGD and Adam at a constant rate. The
grid grows until the lowest point of every seed has neighbours.
"""

from ..protocol.ranking import TEST_SEEDS
from ..trials.read import final_loss
from ..tuning.rate_grid import best_position, explore, half_octave, lacking_minimum

name, title, quiet = "noise", "best learning rate over noise levels of a quadratic", False
LEVELS = (0.1, 0.3, 1.0, 3.0, 10.0)  # standard deviation of a gradient element for one sample; h_max is 1
KAPPA, BATCH = 100, 8
ARMS = {"sgd": (-12, -8, -4, 0), "adam": (-20, -16, -12, -8)}  # first grid points: lr = 2^(k/2)
LIMITS = (-40, 16)
BUDGETS = {
    "smoke": None,
    "quick": {"steps": 400, "seeds": 6},
    "standard": {"steps": 1000, "seeds": 10},
    "full": {"steps": 2000, "seeds": 20},
}


def plans(context):
    budget = BUDGETS.get(context.profile.name)
    if budget is None or not context.wants("quadratic"):
        return {}
    return {arm: _plan(context, arm, **budget) for arm in ARMS}


def _plan(context, arm, steps, seeds):
    rows = []
    for level in LEVELS:

        def trial(k, seed, level=level):
            return context.train(
                "quadratic",
                "small",
                arm,
                {"lr": half_octave(k)},
                seed=seed,
                steps=steps,
                batch=BATCH,
                options={"kappa": KAPPA, "noise": level},
            )

        curves = yield from explore(
            trial, final_loss, TEST_SEEDS[:seeds], ARMS[arm], lacking_minimum(2), LIMITS
        )
        rows.append([_rate(curve) for curve in curves])
    return {"arm": arm, "steps": steps, "batch": BATCH, "kappa": KAPPA, "noise": list(LEVELS), "best": rows}


def _rate(curve):
    """The best rate of a seed's curve; None at an edge."""
    position = best_position(curve)
    return None if position is None else half_octave(position)
