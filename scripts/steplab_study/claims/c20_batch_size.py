"""C20: batch size and learning rate."""

from ..statistics.intervals import t_interval
from ..statistics.power_laws import exponent
from ..wording.labels import optimizer_label, problem_label
from ..wording.numbers import interval, span
from .combined import combined
from .verdict import (
    AT_EDGE,
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

id = "C20"
sentence = "When the batch doubles, the learning rate should double."
rule = (
    "Exponent of the best rate on the batch size over at least five sizes at equal epochs, 99 % interval "
    "over seeds. Holds if it lies in [0.8, 1.2] for SGD and for Adam on two thirds of the workloads, roughly "
    "within 1.5 times that range. In part for one optimizer or some workloads, or if the rate grows as a "
    "square root: 0.5 in an interval within 0.2 to 0.7. No outside, opposite below 0, open if too wide or at "
    "an edge."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN)
needs = ("batch_size",)
figure = "batch_size"
LEVEL, FEWEST_SIZES = 0.99, 5
LINEAR, ROOT, NONE = (0.8, 1.2), 0.5, 0.2
ARMS = ("sgd", "adam")


def measure(evidence):
    problems = {}
    for outcome in evidence.outcomes("batch_size").values():
        problems.setdefault(outcome["problem"], {"arms": {}, "batches": outcome["batches"]})
        problems[outcome["problem"]]["arms"][outcome["arm"]] = _exponent(outcome)
    return {"problems": problems} if problems else None


def _exponent(outcome):
    rows = outcome["best"]
    if len(rows) < FEWEST_SIZES or any(rate is None for row in rows for rate in row):
        return None
    return t_interval([exponent(outcome["batches"], rates) for rates in zip(*rows)], LEVEL)


def decide(found):
    cells = [_workload(name, problem["arms"]) for name, problem in found["problems"].items()]
    text = " ".join(_text(name, problem) for name, problem in found["problems"].items())
    return verdict_of(combined(id, cells), f"Best rate ∝ batch^a (99 % intervals over seeds). {text}", cells)


def headline(found):
    told = []
    for arm in ARMS:
        values = [p["arms"][arm].value for p in found["problems"].values() if p["arms"].get(arm) is not None]
        told += [f"{span(values, 2)} for {optimizer_label(arm)}"] if values else []
    if not told:
        return "Open: the best rates lie at an edge of the grid for some batch sizes."
    return said(
        decide(found),
        f"The best rate grows with the batch to the power {' and '.join(told)}; 1 is claimed.",
    )


def _workload(name, arms):
    return combined(problem_label(name), [_arm(arm, arms.get(arm)) for arm in ARMS], every=True)


def _arm(arm, found):
    word, label = in_range(found, *LINEAR, neutral=0.0), optimizer_label(arm)
    if word == NO and NONE <= found.low <= ROOT <= found.high:
        return Cell(label, IN_PART, "the rate grows as a square root")
    return of_interval(label, found, word, AT_EDGE)


def _text(name, problem):
    arms = ", ".join(f"{optimizer_label(arm)} a = {interval(e, 2)}" for arm, e in problem["arms"].items())
    sizes = problem["batches"]
    return f"{problem_label(name)}, batches {sizes[0]} to {sizes[-1]}: {arms}."
