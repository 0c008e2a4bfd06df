"""C19: sensitivity of Adam and SGD to the learning rate."""

from ..statistics.intervals import geometric_interval
from ..tuning.near_best_band import width_ratio
from ..wording.labels import problem_label
from ..wording.numbers import interval
from .combined import most
from .verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED, Verdict

id = "C19"
sentence = "Adam is less sensitive to the learning rate than SGD."
rule = (
    "Width in decades of the near-best band (≤ 5 % excess loss), Adam ÷ SGD with momentum 0 and 0.9: 99 % "
    "interval over seeds above 1.25 in 2/3 of workloads and momenta; not supported in [0.8, 1.25]."
)
needs = ("lr_sensitivity",)
figure = "lr_sensitivity"
WIDER, NARROWER = 1.25, 0.8
REFERENCES = {"sgd": "SGD", "sgd_momentum": "SGD-M"}


def measure(evidence):
    cases = [
        _case(outcome, reference)
        for outcome in evidence.outcomes("lr_sensitivity").values()
        for reference in REFERENCES
    ]
    return {"cases": cases} if cases else None


def _case(outcome, reference):
    arms = outcome["arms"]
    ratio = width_ratio(arms["adam"], arms[reference])
    return {"problem": outcome["problem"], "reference": reference, "ratio": ratio}


def decide(found):
    words = [_word(case["ratio"]) for case in found["cases"]]
    measured = [case for case in found["cases"] if case["ratio"] is not None]
    if not measured:
        return Verdict(NOT_MEASURED, "no grid of learning rates held both edges of its near-best bands")
    text = " ".join(_text(reference, measured) for reference in REFERENCES)
    return Verdict(most(words), f"Width of the near-best band in decades (99 % intervals over seeds). {text}")


def _word(ratio):
    if ratio is None or (ratio.low < NARROWER and ratio.high > WIDER):
        return NOT_MEASURED
    if ratio.low > WIDER:
        return SUPPORTED
    if ratio.high < NARROWER:
        return CONTRADICTED
    if NARROWER <= ratio.low and ratio.high <= WIDER:
        return NOT_SUPPORTED
    return IMPRECISE if ratio.low > 1 else NOT_SUPPORTED


def _text(reference, cases):
    chosen = [case for case in cases if case["reference"] == reference]
    if not chosen:
        return f"Adam ÷ {REFERENCES[reference]}: not measured."
    each = ", ".join(f"{problem_label(case['problem'])} {interval(case['ratio'], 2)}" for case in chosen)
    mean = geometric_interval([case["ratio"].value for case in chosen])
    return f"Adam ÷ {REFERENCES[reference]}: {each}; geometric mean on these workloads {mean.value:.2g}."
