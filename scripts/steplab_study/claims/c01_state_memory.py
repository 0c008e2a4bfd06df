"""C01: state in multiples of the parameters' memory."""

from .footprint import ALONE, countings, holds, sizes_text, span
from .verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, SUPPORTED, Verdict

id = "C01"
sentence = "SGD with momentum needs twice the parameters' memory, Adam three times."
rule = (
    "Supported if 2 and 3 within 1 % by every counting: parameters and state; with gradients; the peak of a"
    " step that allocates every result. Imprecise if parameters and state alone fit."
)
needs, figure = ("memory",), "memory"
CLAIMED = {"sgd_momentum": 2.0, "adam": 3.0}


def measure(evidence):
    found = {optimizer: countings(evidence.benchmarks, optimizer) for optimizer in CLAIMED}
    return found if all(ALONE in values for values in found.values()) else None


def decide(found):
    names = list(dict.fromkeys(name for values in found.values() for name in values))
    fits = {
        name: all(holds(found[o].get(name, {}).values(), claimed) for o, claimed in CLAIMED.items())
        for name in names
    }
    if not fits[ALONE]:
        word = CONTRADICTED
    elif not all(fits.values()):
        word = IMPRECISE
    else:
        word = SUPPORTED if len(fits) == 3 else NOT_MEASURED
    told = "; ".join(
        f"{name} {_span(found, 'sgd_momentum', name)} and {_span(found, 'adam', name)}" for name in names
    )
    sizes = {n for values in found.values() for n in values[ALONE]}
    return Verdict(
        word,
        f"In multiples of the parameters' bytes, SGD-M and Adam at {sizes_text(sizes)}, resident memory:"
        f" {told}.",
        tuple((name, SUPPORTED if fit else CONTRADICTED) for name, fit in fits.items()),
    )


def _span(found, optimizer, name):
    values = found[optimizer].get(name)
    return span(values.values()) if values else "not measured"
