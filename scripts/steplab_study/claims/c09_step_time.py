"""C09: what an Adam step costs against an SGD step."""

from ..rankings.across_workloads import TOYS
from ..statistics.intervals import ratio_of_medians
from ..wording.labels import count_label, optimizer_label
from ..wording.numbers import number, span
from .combined import combined
from .verdict import (
    HOLDS,
    IN_PART,
    NO,
    OPEN,
    OPPOSITE,
    ROUGHLY,
    Cell,
    in_range,
    of_interval,
    said,
    verdict_of,
)

id = "C09"
sentence = "An Adam step takes about 1.2 times as long as an SGD step."
rule = (
    "Time of Adam's step ÷ that of SGD and of SGD-M, 99 % intervals, per size and number of threads. Two "
    "thirds of the decided cells give the word: holds in 1.1 to 1.3, roughly within 1.5 times that range, no "
    "outside it, opposite if Adam is faster. In part if only some cells fit, or only whole training steps of "
    "the networks; open if fewer than half of the cells are decided."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN)
needs, figure = ("step", "step_times"), "step_time"
CLAIMED, LOW, HIGH, LEVEL = 1.2, 1.1, 1.3, 0.99
AGAINST = ("sgd", "sgd_momentum")


def measure(evidence):
    """{"optimizer", "whole": {against: {label: Interval}}}; the smallest difference that the machine can tell
    is no part of them, as the claim's range is narrower than it."""
    alone = {against: dict(_steps_alone(evidence.benchmarks, against)) for against in AGAINST}
    whole = {against: dict(_whole_steps(evidence.outcomes("step_times"), against)) for against in AGAINST}
    return {"optimizer": alone, "whole": whole} if any(alone.values()) else None


def _steps_alone(results, against):
    """Cells of the best kernel that ran with the threads that their name says."""
    for n, threads in sorted({(c.n, c.threads) for c in results.step_cells}):
        adam, other = results.best("adam", n, threads), results.best(against, n, threads)
        if adam is not None and other is not None and adam.threads_running == threads:
            label = f"{count_label(n)} on {threads} threads" if threads > 1 else count_label(n)
            yield label, ratio_of_medians(adam.samples, other.samples, LEVEL)


def _whole_steps(times, against):
    for problem, arms in (times or {}).items():
        if problem.split("/")[0] not in TOYS and {"adam", against} <= arms.keys():
            yield problem, ratio_of_medians(arms["adam"]["step"], arms[against]["step"], LEVEL)


def decide(found):
    alone = combined("the optimizer's step alone", _cells(found["optimizer"]))
    whole = combined("whole training steps", _cells(found["whole"]))
    cell = alone
    if alone.word not in (HOLDS, ROUGHLY, IN_PART) and whole.word in (HOLDS, ROUGHLY):
        cell = Cell(id, IN_PART, f"{whole.word} for whole training steps; {alone.word} for the step alone")
    told = "; ".join(f"{part.label} {_told(found[key])}" for part, key in _parts(found, alone, whole))
    statements = [part for part, _ in _parts(found, alone, whole)]
    return verdict_of(cell, f"Time of Adam ÷ time of the other, lowest to highest: {told}.", statements)


def headline(found):
    alone, whole = (
        [ratio.value for ratios in found[part].values() for ratio in ratios.values()]
        for part in ("optimizer", "whole")
    )
    rest = f", a whole training step {span(whole, 2)} times" if whole else ""
    return said(
        decide(found),
        f"An Adam step takes {span(alone, 2)} times an SGD step's time{rest}; {CLAIMED} is claimed.",
    )


def _parts(found, alone, whole):
    pairs = ((alone, "optimizer"), (whole, "whole"))
    return [(cell, key) for cell, key in pairs if any(found[key].values())]


def _cells(ratios):
    return [
        of_interval(f"{optimizer_label(against)}, {label}", ratio, _word(ratio))
        for against, found in ratios.items()
        for label, ratio in found.items()
    ]


def _word(ratio):
    return in_range(ratio, LOW, HIGH, neutral=1.0)


def _told(ratios):
    """'1.2 to 2.4 × SGD (2 of 12 within 1.1 to 1.3)' for each."""
    told = []
    for against, found in ratios.items():
        if found:
            fits = sum(_word(ratio) == HOLDS for ratio in found.values())
            low, high = min(r.value for r in found.values()), max(r.value for r in found.values())
            told.append(
                f"{number(low)} to {number(high)} × {optimizer_label(against)} ({fits} of {len(found)} within"
                f" {LOW} to {HIGH})"
            )
    return " and ".join(told)
