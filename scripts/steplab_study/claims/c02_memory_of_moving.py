"""C02: what the change from SGD with momentum to Adam costs in memory."""

from .footprint import ALONE, GRADIENTS, countings, holds, sizes_text, span
from .verdict import CONTRADICTED, IMPRECISE, SUPPORTED, Verdict

id = "C02"
sentence = "Moving from SGD with momentum to Adam costs one and a half times the memory."
rule = (
    "Adam ÷ SGD-M of resident memory: supported if 1.5 within 1 % for parameters and state and also with"
    " gradients, imprecise if for one of them, contradicted if for none."
)
needs, figure = ("memory",), "memory"
CLAIMED = 1.5


def measure(evidence):
    adam, momentum = (countings(evidence.benchmarks, o) for o in ("adam", "sgd_momentum"))
    found = {}
    for counting in (ALONE, GRADIENTS):
        both = adam.get(counting, {}).keys() & momentum.get(counting, {}).keys()
        found[counting] = {n: adam[counting][n] / momentum[counting][n] for n in sorted(both)}
    return found if all(found.values()) else None


def decide(found):
    fits = {counting: holds(ratios.values(), CLAIMED) for counting, ratios in found.items()}
    word = {2: SUPPORTED, 1: IMPRECISE, 0: CONTRADICTED}[sum(fits.values())]
    told = ", ".join(f"{counting} {span(ratios.values())}" for counting, ratios in found.items())
    return Verdict(
        word,
        f"Adam ÷ SGD-M at {sizes_text(found[ALONE])}, resident memory: {told}.",
        tuple((counting, SUPPORTED if fit else CONTRADICTED) for counting, fit in fits.items()),
    )
