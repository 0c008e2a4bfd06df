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
    points = [(step, math.inf if loss is None else loss) for step, loss in curve]
    for (before, above), (step, loss), (_, after) in zip(points, points[1:], points[2:]):
        if loss <= target and after <= target:
            if above <= target or not math.isfinite(above) or loss <= 0:
                return float(step)
            share = math.log(above / target) / math.log(above / loss)
            return before + share * (step - before)
    return math.inf
