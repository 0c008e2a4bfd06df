"""C32: momentum and the sensitivity to the learning rate."""

from ..tuning.near_best_band import width, width_ratio
from ..wording.labels import problem_label
from ..wording.numbers import interval
from .combined import most, overall
from .verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED, Verdict

id = "C32"
sentence = "Momentum helps with the sensitivity to the learning rate but does not remove it."
rule = (
    "Near-best bands of C19, momentum 0.9 against 0, on 2/3 of workloads. Helps: width ratio's 99 % "
    "interval above 1.1; not supported within [0.9, 1.1]; contradicted below 1. Remains: the band with "
    "momentum is narrower than 2 decades, so that a rate wrong by 10 either way costs more than 5 %."
)
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
    helps = most([_helps(case["ratio"]) for case in found["cases"]])
    remains = most([_remains(case["width"]) for case in found["cases"]])
    statements = (("momentum helps", helps), ("the sensitivity remains", remains))
    return Verdict(overall([helps, remains]), _text(found["cases"]), statements)


def _helps(ratio):
    if ratio is None or (ratio.low < 1 / SEEN and ratio.high > SEEN):
        return NOT_MEASURED
    if ratio.low > SEEN:
        return SUPPORTED
    if ratio.high < 1:
        return CONTRADICTED
    return IMPRECISE if ratio.low > 1 else NOT_SUPPORTED


def _remains(width):
    if width is None:
        return NOT_MEASURED
    if width.high < DECADES:
        return SUPPORTED
    return CONTRADICTED if width.low > DECADES else NOT_SUPPORTED


def _text(cases):
    seen = [case for case in cases if case["ratio"] is not None]
    if not seen:
        return "no grid of learning rates held both edges of its near-best bands"
    each = "; ".join(
        f"{problem_label(case['problem'])} {interval(case['ratio'], 2)} times as wide, "
        f"{interval(case['width'], 2)} decades"
        for case in seen
    )
    return f"Near-best band with momentum 0.9 against none (99 % intervals over seeds): {each}."
