"""C01: state in multiples of the parameters' memory."""

from .combined import combined
from .footprint import ALONE, GRADIENTS, PEAK, countings, fit, sizes_text, span
from .verdict import HOLDS, IN_PART, NO, NOT_RUN, OPEN, ROUGHLY, WORDS, Cell, said, verdict_of

id = "C01"
sentence = "SGD with momentum needs twice the parameters' memory, Adam three times."
rule = (
    "Holds if the ratios are 2 and 3 within 1 % in all three countings: parameters and state; with "
    "gradients; the peak of a step that allocates every result. Roughly within 1.5 %, in part if only some "
    "countings fit, no if none does, open if too few were measured."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPEN)
needs, figure = ("memory",), "memory"
CLAIMED = {"sgd_momentum": 2.0, "adam": 3.0}


def measure(evidence):
    found = {optimizer: countings(evidence.benchmarks, optimizer) for optimizer in CLAIMED}
    return found if all(ALONE in values for values in found.values()) else None


def decide(found):
    cells = [_counting(found, name) for name in (ALONE, GRADIENTS, PEAK)]
    told = "; ".join(
        f"{name} {_span(found, 'sgd_momentum', name)} and {_span(found, 'adam', name)}"
        for name in (ALONE, GRADIENTS, PEAK)
    )
    sizes = {n for values in found.values() for n in values[ALONE]}
    return verdict_of(
        combined(id, cells, every=True),
        f"In multiples of the parameters' bytes, SGD-M and Adam at {sizes_text(sizes)}, resident memory:"
        f" {told}.",
        cells,
    )


def headline(found):
    tail = {
        HOLDS: ", by every counting",
        ROUGHLY: ", by every counting",
        IN_PART: ", but not by every counting",
    }.get(decide(found).word, "")
    momentum, adam = (span(found[o][ALONE].values(), 2) for o in CLAIMED)
    told = f"{momentum} (SGD with momentum) and {adam} (Adam)"
    return said(decide(found), f"Parameters and state take {told} times the parameters' memory{tail}.")


def _counting(found, name):
    """The word of both optimizers by one counting: the worse of the two."""
    values = {o: found[o].get(name) for o in CLAIMED}
    if not all(values.values()):
        return Cell(name, OPEN, NOT_RUN)
    words = (fit(values[o].values(), claimed) for o, claimed in CLAIMED.items())
    return Cell(name, max(words, key=WORDS.index))


def _span(found, optimizer, name):
    values = found[optimizer].get(name)
    return span(values.values()) if values else "not measured"
