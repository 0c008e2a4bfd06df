"""C09: what an Adam step costs against an SGD step."""

from ..rankings.across_workloads import TOYS
from ..statistics.intervals import ratio_of_medians, widened
from ..wording.labels import optimizer_label
from ..wording.numbers import number
from .combined import MOST
from .verdict import (
    CONTRADICTED,
    IMPRECISE,
    NOT_MEASURED,
    NOT_SUPPORTED,
    SUPPORTED,
    Verdict,
    in_range,
    share_of,
)

id = "C09"
sentence = "An Adam step takes about 1.2 times as long as an SGD step."
rule = (
    "Ratios to SGD and to SGD-M, 99 % intervals: of the optimizer's step alone, per size and number of"
    " threads, and of whole training steps of the networks. Supported if 1.1 to 1.3 on two thirds of the"
    " optimizer's cells, imprecise if only whole steps fit, contradicted if two thirds of all lie beyond"
    " 1.5 times the range."
)
needs, figure = ("step", "step_times"), "step_time"
LOW, HIGH, LEVEL = 1.1, 1.3, 0.99
AGAINST = ("sgd", "sgd_momentum")


def measure(evidence):
    """{"optimizer", "whole": {against: [Interval]}}"""
    alone = {against: list(_steps_alone(evidence.benchmarks, against)) for against in AGAINST}
    whole = {against: list(_whole_steps(evidence.outcomes("step_times"), against)) for against in AGAINST}
    return {"optimizer": alone, "whole": whole} if any(alone.values()) else None


def _steps_alone(results, against):
    """Cells of the best kernel that ran with the threads that their name says."""
    for n, threads in sorted({(c.n, c.threads) for c in results.step_cells}):
        adam, other = results.best("adam", n, threads), results.best(against, n, threads)
        if adam is not None and other is not None and adam.threads_running == threads:
            floor = results.smallest_difference(results.level_of(adam)) or 0.0
            yield widened(ratio_of_medians(adam.samples, other.samples, LEVEL), floor)


def _whole_steps(times, against):
    for problem, arms in (times or {}).items():
        if problem.split("/")[0] not in TOYS and {"adam", against} <= arms.keys():
            yield ratio_of_medians(arms["adam"]["step"], arms[against]["step"], LEVEL)


def decide(found):
    words = {
        part: [in_range(ratio, LOW, HIGH) for ratios in found[part].values() for ratio in ratios]
        for part in ("optimizer", "whole")
    }
    both = words["optimizer"] + words["whole"]
    if all(word == NOT_MEASURED for word in words["optimizer"]):
        word = NOT_MEASURED
    elif share_of(words["optimizer"], SUPPORTED) >= MOST:
        word = SUPPORTED
    elif share_of(words["whole"], SUPPORTED) >= MOST:
        word = IMPRECISE
    else:
        word = CONTRADICTED if share_of(both, CONTRADICTED) >= MOST else NOT_SUPPORTED
    told = "; ".join(
        f"{what} {_told(found[part])}"
        for part, what in (("optimizer", "the optimizer's step alone"), ("whole", "whole training steps"))
        if any(found[part].values())
    )
    return Verdict(word, f"Time of Adam ÷ time of the other, lowest to highest: {told}.")


def _told(ratios):
    """'1.2 to 2.4 × SGD (2 of 12 within 1.1 to 1.3)' for each."""
    told = []
    for against, found in ratios.items():
        if found:
            fits = sum(in_range(ratio, LOW, HIGH) == SUPPORTED for ratio in found)
            low, high = min(r.value for r in found), max(r.value for r in found)
            told.append(
                f"{number(low)} to {number(high)} × {optimizer_label(against)} ({fits} of {len(found)} within"
                f" {LOW} to {HIGH})"
            )
    return " and ".join(told)
