"""C18: learning rates that are said to work."""

from ..tuning.near_best_band import end_interval
from ..wording.labels import optimizer_label, problem_label
from ..wording.numbers import listing, number
from .combined import combined
from .verdict import HOLDS, IN_PART, NO, OPEN, TOO_WIDE, Cell, said, verdict_of

id = "C18"
sentence = (
    "SGD works with learning rates of 0.001 to 0.1, Adam with 0.001, transformers with 1e-4 to 3e-4 and a "
    "warm-up."
)
rule = (
    "A case fits if the stated rates overlap the near-best band (final loss at most 5 % above the lowest), "
    "by the 99 % intervals of the band's edges. Three statements: SGD and SGD-M on every workload, Adam on "
    "every workload, AdamW with warm-up on transformers. Each holds if two thirds of its decided cases fit, "
    "is no if two thirds do not, and open if an edge is too uncertain in more than half. The claim holds if "
    "all three do, in part if some do or only some cases fit."
)
words = (HOLDS, IN_PART, NO, OPEN)
needs = ("lr_sensitivity",)
figure = "lr_sensitivity"
STATEMENTS = (  # label, arms, stated rates, transformers only
    ("SGD at 0.001–0.1", ("sgd", "sgd_momentum"), (1e-3, 1e-1), False),
    ("Adam at 0.001", ("adam",), (1e-3, 1e-3), False),
    ("transformers at 1e-4–3e-4", ("adamw",), (1e-4, 3e-4), True),
)


def measure(evidence):
    outcomes = evidence.outcomes("lr_sensitivity").values()
    if not outcomes:
        return None
    return {
        said: [
            _case(outcome, arm, *rates)
            for outcome in outcomes
            if not transformers or outcome["problem"].startswith("transformer")
            for arm in arms
            if arm in outcome["arms"]
        ]
        for said, arms, rates, transformers in STATEMENTS
    }


def _case(outcome, arm, low, high):
    found = outcome["arms"][arm]
    return {
        "case": f"{optimizer_label(arm)} on {problem_label(outcome['problem'])}",
        "stated": (low, high),
        "low": end_interval(found, 0),
        "high": end_interval(found, 1),
        "steps": outcome["steps"],
    }


def decide(found):
    cells = [combined(said, [_cell(case) for case in cases]) for said, cases in found.items()]
    text = " ".join(_text(said, cases) for said, cases in found.items())
    return verdict_of(combined(id, cells, every=True), text, cells)


def headline(found):
    cells = [_cell(case) for cases in found.values() for case in cases]
    fits = sum(cell.word == HOLDS for cell in cells)
    misses = sum(cell.word == NO for cell in cells)
    return said(
        decide(found),
        f"The stated rates surely lie in the near-best band in {fits} of {len(cells)} cases, and surely"
        f" outside in {misses}.",
    )


def _cell(case):
    low, high = case["low"], case["high"]
    if low is None or high is None:
        return Cell(case["case"], OPEN, "an edge of the band was not reached")
    first, last = case["stated"]
    if first <= high.low and low.high <= last:
        return Cell(case["case"], HOLDS)
    outside = first > high.high or last < low.low
    return Cell(case["case"], NO) if outside else Cell(case["case"], OPEN, TOO_WIDE)


def _text(said, cases):
    seen = [case for case in cases if case["low"] is not None and case["high"] is not None]
    if not seen:
        return f"{said}: no band has both edges."
    told = []
    for word, where in ((HOLDS, "surely in"), (OPEN, "perhaps in"), (NO, "outside")):
        some = [case["case"] for case in seen if _cell(case).word == word]
        told += [f"{where} the near-best band for {listing(some)}"] if some else []
    bands = "; ".join(
        f"{case['case']} {number(case['low'].value, 2)}–{number(case['high'].value, 2)} ({case['steps']} "
        "steps)"
        for case in seen
    )
    return f"{said}: {', '.join(told)}; the bands are {bands}."
