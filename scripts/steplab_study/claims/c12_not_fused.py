"""C12: memory of a step that allocates every result."""

import math

from ..statistics.power_laws import linear_slope
from ..wording.labels import optimizer_label
from ..wording.numbers import number
from .footprint import rows_of, sizes_text
from .verdict import CONTRADICTED, IMPRECISE, SUPPORTED, Verdict

id = "C12"
sentence = "A step that is not fused has the same asymptotic memory cost."
rule = (
    "Peak of resident memory against the number of parameters, for the fused step and for the one that"
    " allocates every result. Contradicted if a peak is not proportional to it (log slope at the largest"
    " sizes outside .95 to 1.05); supported if the slopes also agree within 5 %, otherwise imprecise: the"
    " same order, more bytes."
)
needs, figure = ("memory",), "memory"
OPTIMIZERS = ("sgd_momentum", "adam", "adamw")
WITHIN = 0.05


def measure(evidence):
    """{optimizer: {"sizes", "fused", "temporaries": {"slope": bytes a parameter, "order": of growth}}}"""
    found = {}
    for optimizer in OPTIMIZERS:
        fused, other = (
            rows_of(rows, optimizer, least=0)
            for rows in (evidence.benchmarks.memory, evidence.benchmarks.temporaries)
        )
        sizes = sorted(fused.keys() & other.keys())
        if len(sizes) >= 2:
            forms = {"fused": fused, "temporaries": other}
            found[optimizer] = {
                "sizes": sizes,
                **{form: _growth(rows, sizes) for form, rows in forms.items()},
            }
    return found or None


def _growth(rows, sizes):
    peaks = [rows[n]["resident_peak_growth_bytes"] for n in sizes]
    order = math.log(peaks[-1] / peaks[-2]) / math.log(sizes[-1] / sizes[-2])
    return {"slope": linear_slope(sizes, peaks), "order": order}


def decide(found):
    ratios = {o: forms["temporaries"]["slope"] / forms["fused"]["slope"] for o, forms in found.items()}
    orders = [forms[form]["order"] for forms in found.values() for form in ("fused", "temporaries")]
    if not all(abs(order - 1) <= WITHIN for order in orders):
        word = CONTRADICTED
    else:
        word = SUPPORTED if all(abs(ratio - 1) <= WITHIN for ratio in ratios.values()) else IMPRECISE
    told = "; ".join(
        f"{optimizer_label(o)} {number(forms['fused']['slope'])} B fused,"
        f" {number(forms['temporaries']['slope'])} B with temporaries ({number(ratios[o])} times)"
        for o, forms in found.items()
    )
    sizes = next(iter(found.values()))["sizes"]
    grown = f"grow with N to the power {number(min(orders), 4)} to {number(max(orders), 4)}"
    return Verdict(word, f"Over {sizes_text(sizes)} both peaks {grown}; a parameter adds: {told}.")
