"""C18: learning rates that are said to work."""

from ..tuning.near_best_band import end_interval
from ..wording.labels import optimizer_label, problem_label
from ..wording.numbers import listing, number
from .combined import most, overall
from .verdict import CONTRADICTED, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED, Verdict

id = "C18"
sentence = (
    "SGD works with learning rates of 0.001 to 0.1, Adam with 0.001, transformers with 1e-4 to 3e-4 and a "
    "warm-up."
)
rule = (
    "The stated rates overlap the near-best band (final loss at most 5 % above the lowest), by the 99 % "
    "intervals of its edges; contradicted if they do not; three verdicts, each on 2/3 of its cases: SGD and "
    "SGD-M on every workload, Adam on every workload, AdamW with warm-up on transformers."
)
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
    words = [most([_word(case) for case in cases]) for cases in found.values()]
    text = " ".join(_text(said, cases) for said, cases in found.items())
    return Verdict(overall(words), text, tuple(zip(found, words)))


def _word(case):
    low, high = case["low"], case["high"]
    if low is None or high is None:
        return NOT_MEASURED
    first, last = case["stated"]
    if first <= high.low and low.high <= last:
        return SUPPORTED
    return CONTRADICTED if first > high.high or last < low.low else NOT_SUPPORTED


def _text(said, cases):
    seen = [case for case in cases if _word(case) != NOT_MEASURED]
    if not seen:
        return f"{said}: not measured."
    holds = [case["case"] for case in seen if _word(case) == SUPPORTED]
    bands = "; ".join(
        f"{case['case']} {number(case['low'].value, 2)}–{number(case['high'].value, 2)} ({case['steps']} "
        "steps)"
        for case in seen
    )
    return f"{said}: in the near-best band for {listing(holds)}; the bands are {bands}."
