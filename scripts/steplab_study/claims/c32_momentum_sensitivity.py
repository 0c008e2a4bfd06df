"""C32: momentum and the sensitivity to the learning rate."""

from ..tuning.near_best_band import width, width_ratio
from ..wording.labels import problem_label
from ..wording.numbers import interval, span
from .combined import combined
from .verdict import HOLDS, IN_PART, NO, OPEN, ROUGHLY, at_least, at_most, of_interval, said, verdict_of

id = "C32"
sentence = "Momentum helps with the sensitivity to the learning rate but does not remove it."
rule = (
    "Near-best bands of C19, momentum 0.9 against 0, 99 % intervals that count the grid's own step. Two "
    "statements, each on two thirds of the decided problems. Helps: the ratio of widths is above 1.1, "
    "roughly above 1.07, the other way round below 1. Remains: the band with momentum is narrower than 2 "
    "decades, so that a rate wrong by 10 either way costs more than 5 %; roughly, than 3. The claim holds if "
    "both do, in part if one does, no if neither, open if intervals are too wide or edges were not reached."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPEN)
needs = ("lr_sensitivity",)
figure = "lr_sensitivity"
SEEN, DECADES = 1.1, 2.0


def measure(evidence):
    cases = [_case(outcome) for outcome in evidence.outcomes("lr_sensitivity").values()]
    return {"cases": cases} if cases else None


def _case(outcome):
    plain, momentum = outcome["arms"]["sgd"], outcome["arms"]["sgd_momentum"]
    return {
        "problem": outcome["problem"],
        "ratio": width_ratio(momentum, plain),
        "width": width(momentum),
    }


def decide(found):
    helps = combined("momentum helps", [_cell(c, "ratio", _helps(c["ratio"])) for c in found["cases"]])
    remains = [_cell(c, "width", at_most(c["width"], DECADES)) for c in found["cases"]]
    cells = (helps, combined("the sensitivity remains", remains))
    return verdict_of(combined(id, cells, every=True), _text(found["cases"]), cells)


def headline(found):
    ratios = [case["ratio"].value for case in found["cases"] if case["ratio"] is not None]
    widths = [case["width"].value for case in found["cases"] if case["width"] is not None]
    if not widths:
        return "Open: no grid of learning rates reached both edges of its near-best bands."
    if not ratios:
        sentence = f"With momentum the band of good learning rates is {span(widths, 2)} decades wide."
        return said(decide(found), sentence)
    return said(
        decide(found),
        f"With momentum the band of good learning rates is {span(ratios, 2)} times as wide, still only"
        f" {span(widths, 2)} decades.",
    )


def _cell(case, what, word):
    return of_interval(problem_label(case["problem"]), case[what], word, "an edge was not reached")


def _helps(ratio):
    return at_least(ratio, SEEN, neutral=1.0)


def _text(cases):
    seen = [case for case in cases if case["ratio"] is not None]
    if not seen:
        return "No grid of learning rates held both edges of its near-best bands."
    each = "; ".join(
        f"{problem_label(case['problem'])} {interval(case['ratio'], 2)} times as wide, "
        f"{interval(case['width'], 2)} decades"
        for case in seen
    )
    return f"Near-best band with momentum 0.9 against none (99 % intervals over seeds): {each}."
