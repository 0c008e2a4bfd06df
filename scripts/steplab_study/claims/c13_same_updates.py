"""Whether the teaching form and PyTorch compute the same updates."""

from ..wording import numbers
from .verdict import CONTRADICTED, IMPRECISE, SUPPORTED, Verdict

id = "C13"
sentence = "The teaching form's updates and PyTorch's are mathematically identical."
rule = (
    "Both forms transcribed in float64, per rule (SGD, SGD-M, Adam, AdamW), with a gradient at every step "
    "and with a parameter that misses some: identical if the parameters differ by at most 1e-12. Supported "
    "if all rules are, imprecise if some rules or only some cases are, contradicted if none is."
)
needs, figure = ("updates",), None
LIMIT = 1e-12
LABELS = {"sgd": "SGD", "momentum": "SGD-M", "adam": "Adam", "adamw": "AdamW"}


def measure(evidence):
    found = evidence.outcomes("updates").get("identity")
    if found is None:
        return None
    rules = found["rules"]
    cases = [case for found_cases in rules.values() for case in found_cases.values()]
    library = max(case[preset] for case in cases for preset in ("teaching", "pytorch"))
    apart = {name: {case: values["texts"] for case, values in cases.items()} for name, cases in rules.items()}
    return {"steps": found["steps"], "rules": apart, "library": library}


def decide(found):
    same = {name: [case for case, value in r.items() if value <= LIMIT] for name, r in found["rules"].items()}
    whole = [LABELS[name] for name, cases in same.items() if len(cases) == 2]
    every = [LABELS[name] for name, cases in same.items() if cases == ["every"]]
    neither = [LABELS[name] for name, cases in same.items() if "every" not in cases]
    told = [f"identical to {LIMIT:g}: {numbers.listing(whole)}"]
    if every:
        apart = _worst(found, "skipped", every)
        told.append(f"{numbers.listing(every)} while no gradient is missing (else apart {apart})")
    if neither:
        told.append(f"different: {numbers.listing(neither)} ({_worst(found, 'every', neither)})")
    text = (
        f"In float64 over {found['steps']} steps, {'; '.join(told)}. The teaching form has one step count "
        "and shrinks the updated parameter, PyTorch a count per parameter and shrinks the old one; the "
        f"library's two presets follow theirs to {numbers.number(found['library'], 2)} in float32."
    )
    if len(whole) == len(found["rules"]):
        return Verdict(SUPPORTED, text)
    return Verdict(IMPRECISE if whole or every else CONTRADICTED, text)


def _worst(found, case, labels):
    worst = max(r[case] for name, r in found["rules"].items() if LABELS[name] in labels)
    return f"by {numbers.number(worst, 2)}"
