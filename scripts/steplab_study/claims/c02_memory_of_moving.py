"""C02: what the change from SGD with momentum to Adam costs in memory."""

from .combined import combined
from .footprint import ALONE, GRADIENTS, countings, fit, sizes_text, span
from .verdict import HOLDS, IN_PART, NO, ROUGHLY, Cell, verdict_of

id = "C02"
sentence = "Moving from SGD with momentum to Adam costs one and a half times the memory."
rule = (
    "Resident memory of Adam ÷ that of SGD-M: holds if it is 1.5 within 1 % both for parameters and state "
    "and with gradients, roughly within 1.5 %, in part if for one of the two, no if for neither."
)
words = (HOLDS, ROUGHLY, IN_PART, NO)
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
    cells = [Cell(counting, fit(ratios.values(), CLAIMED)) for counting, ratios in found.items()]
    told = ", ".join(f"{counting} {span(ratios.values())}" for counting, ratios in found.items())
    return verdict_of(
        combined(id, cells, every=True),
        f"Adam ÷ SGD-M at {sizes_text(found[ALONE])}, resident memory: {told}.",
        cells,
    )


def headline(found):
    alone, gradients = (span(found[counting].values(), 2) for counting in (ALONE, GRADIENTS))
    return (
        f"Adam takes {alone} times the memory of SGD with momentum without gradients, and {gradients} times"
        " with them."
    )
