"""What is read off a trial's stored result: its curve, where it ends, and when it reaches a target.

Infinity stands for "not reached" (a censored or diverged trial).
"""

import math


def curve(result):
    """[(step, validation loss or None)] of a trial."""
    return list(zip(result["steps"], result["validation_loss"]))


def final_loss(result, last=3):
    """Mean of the last `last` validation losses after step 0; infinite for a diverged trial.

    A cosine trial ends where its rate is 0: last=1.
    """
    losses = [loss for step, loss in curve(result) if step > 0][-last:]
    if result["diverged"] or not losses or any(loss is None for loss in losses):
        return math.inf
    return sum(losses) / len(losses)


def final_accuracy(result):
    """Validation accuracy at the end; 0 for a diverged trial."""
    return 0.0 if result["diverged"] else result["validation_accuracy"][-1]


def steps_to_target(evaluations, target):
    """The step of the first of two consecutive evaluations at or below `target`; infinity without such a
    pair.

    `evaluations`: (step, loss) pairs in order; a loss of None (not finite) is above every target, and
    step 0, before training, does not count.
    """
    previous = None
    for step, loss in evaluations:
        below = step > 0 and loss is not None and loss <= target
        if below and previous is not None:
            return float(previous)
        previous = step if below else None
    return math.inf


def crossing(curve, target):
    """The step at which a loss falls to `target` for good: the first of two evaluations in a row there.

    `curve`: [(step, loss or None)]. Log-interpolated from the evaluation before it; infinite without such a
    pair.
    """
    at = _fall(curve, target)
    if at is None:
        return math.inf
    (before, above), (step, loss) = ((s, math.inf if v is None else v) for s, v in curve[at - 1: at + 1])
    if above <= target or not math.isfinite(above) or loss <= 0:
        return float(step)
    share = math.log(above / target) / math.log(above / loss)
    return before + share * (step - before)


def near_crossing(result, target):
    """As much of a trial's result as tells its crossing: its first evaluation and the three around."""
    at = _fall(curve(result), target)
    kept = [0] if at is None else sorted({0, at - 1, at, at + 1})
    return {name: [result[name][i] for i in kept] for name in ("steps", "validation_loss")}


def _fall(curve, target):
    """Where the first of two evaluations in a row after the first is at or below `target`; None without."""
    below = [loss is not None and loss <= target for _, loss in curve]
    return next((i for i in range(1, len(below) - 1) if below[i] and below[i + 1]), None)
