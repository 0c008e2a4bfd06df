"""C12: memory of a step that allocates every result."""

import math

from ..statistics.power_laws import linear_slope
from ..wording.labels import optimizer_label
from ..wording.numbers import number, span
from .combined import combined
from .footprint import fit, rows_of, sizes_text
from .verdict import HOLDS, IN_PART, NO, ROUGHLY, Cell, verdict_of, within

id = "C12"
sentence = "A step that is not fused has the same asymptotic memory cost."
rule = (
    "Peak of resident memory against the number of parameters, for the fused step and for the one that "
    "allocates every result: the exponents of both at the largest sizes. Holds if they agree within 5 % for "
    "every optimizer, roughly within 7.5 %, in part for some, no for none. A constant factor is no part of "
    "an asymptotic cost: it is a statement of its own (bytes per parameter within 5 %), and does not decide."
)
words = (HOLDS, ROUGHLY, IN_PART, NO)
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
    ratios = _ratios(found)
    cells = [
        Cell(optimizer_label(o), within(forms["temporaries"]["order"], forms["fused"]["order"], WITHIN))
        for o, forms in found.items()
    ]
    order = combined("the same exponent", cells, every=True)
    told = "; ".join(
        f"{optimizer_label(o)} {number(forms['fused']['slope'])} B fused,"
        f" {number(forms['temporaries']['slope'])} B with temporaries ({number(ratios[o])} times)"
        for o, forms in found.items()
    )
    sizes = next(iter(found.values()))["sizes"]
    fused, other = (span(_orders(found, form), 4) for form in ("fused", "temporaries"))
    text = f"the peaks grow with N to the power {fused} fused and {other} with temporaries"
    return verdict_of(
        order,
        f"Over {sizes_text(sizes)} {text}; each parameter adds: {told}.",
        (order, Cell("the same bytes per parameter", fit(ratios.values(), 1, WITHIN))),
    )


def headline(found):
    fused, other = (span(_orders(found, form), 2) for form in ("fused", "temporaries"))
    return (
        f"Unfused, peak memory grows with the parameters to the power {other}, fused {fused}; it takes"
        f" {span(_ratios(found).values(), 2)} times the bytes."
    )


def _orders(found, form):
    return [forms[form]["order"] for forms in found.values()]


def _ratios(found):
    return {o: forms["temporaries"]["slope"] / forms["fused"]["slope"] for o, forms in found.items()}
