"""C18: learning rates that are said to work."""

from ..figures.style import optimizer_label, workload_label
from ..wording import listing, number
from .bands import middle
from .combined import most, overall
from .verdict import CONTRADICTED, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED, Verdict

id = "C18"
sentence = (
    "SGD works with learning rates of 0.001 to 0.1, Adam with 0.001, transformers with 1e-4 to 3e-4 and a warm-up"
)
rule = (
    "the stated rates overlap the near-best band (final loss at most 5 % above the lowest) of every seed; three verdicts, "
    "each on 2/3 of its cases: SGD and SGD-M on every workload, Adam on every workload, AdamW with warm-up on transformers"
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
        label: [
            _case(outcome, arm, *rates)
            for outcome in outcomes
            if not transformers or outcome["problem"].startswith("transformer")
            for arm in arms
            if arm in outcome["arms"]
        ]
        for label, arms, rates, transformers in STATEMENTS
    }


def _case(outcome, arm, low, high):
    workload, size = outcome["problem"].split("/")
    found = outcome["arms"][arm]
    inside = [band and band[0] <= high and low <= band[1] for band in found["bands"]]
    return {
        "case": f"{optimizer_label(arm)} on {workload_label(workload)} {size}",
        "band": middle(found),
        "overlaps": None if None in inside else sum(inside),
        "seeds": len(inside),
        "steps": outcome["steps"],
    }


def decide(found):
    words = [most([_word(case) for case in cases]) for cases in found.values()]
    text = " ".join(_text(label, cases) for label, cases in found.items())
    return Verdict(overall(words), text, tuple(zip(found, words)))


def _word(case):
    if case["overlaps"] is None:
        return NOT_MEASURED
    if case["overlaps"] == case["seeds"]:
        return SUPPORTED
    return CONTRADICTED if case["overlaps"] == 0 else NOT_SUPPORTED


def _text(label, cases):
    seen = [case for case in cases if case["overlaps"] is not None]
    if not seen:
        return f"{label}: not measured."
    holds = [case["case"] for case in seen if case["overlaps"] == case["seeds"]]
    bands = "; ".join(
        f"{case['case']} {number(case['band'][0], 2)}–{number(case['band'][1], 2)} ({case['steps']} steps)"
        for case in seen
    )
    return f"{label}: within the near-best band of every seed for {listing(holds)}; the bands are {bands}."
