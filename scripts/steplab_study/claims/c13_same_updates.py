"""Whether the teaching form and PyTorch compute the same updates."""

from ..wording import numbers
from .combined import combined
from .verdict import HOLDS, IN_PART, NO, Cell, verdict_of

id = "C13"
sentence = "The teaching form's updates and PyTorch's are mathematically identical."
rule = (
    "Both forms transcribed in float64, per rule (SGD, SGD-M, Adam, AdamW), with a gradient at every step "
    "and with a parameter that misses some: identical if the parameters differ by at most 1e-12. Holds if "
    "all rules are, in part if some rules or only some cases are, no if none is."
)
words = (HOLDS, IN_PART, NO)
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
    same = _same(found)
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
    return verdict_of(combined(id, [_cell(name, cases) for name, cases in same.items()], every=True), text)


def headline(found):
    cells = [_cell(name, cases) for name, cases in _same(found).items()]
    whole, some = (sum(cell.word == word for cell in cells) for word in (HOLDS, IN_PART))
    rest = f"; {some} more only while every parameter has a gradient" if some else ""
    return f"The two forms give identical updates for {whole} of {len(cells)} rules{rest}."


def _same(found):
    """{rule: the cases in which both forms are identical}"""
    return {name: [case for case, value in r.items() if value <= LIMIT] for name, r in found["rules"].items()}


def _cell(name, cases):
    label = LABELS[name]
    if len(cases) == 2:
        return Cell(label, HOLDS)
    return Cell(label, IN_PART, "while no gradient is missing") if "every" in cases else Cell(label, NO)


def _worst(found, case, labels):
    worst = max(r[case] for name, r in found["rules"].items() if LABELS[name] in labels)
    return f"by {numbers.number(worst, 2)}"
