"""C29: what a checkpoint with Adam's state weighs."""

from ..wording.numbers import number
from .footprint import fit, rows_of, sizes_text, span
from .verdict import HOLDS, NO, ROUGHLY, Verdict

id = "C29"
sentence = "A checkpoint that holds Adam's state is three times as large as one of the parameters alone."
rule = (
    "Sizes of safetensors files that were written, headers apart. Holds if the ratio is 3 within 1 % at "
    "every size from 1e5 parameters on, roughly within 1.5 %, otherwise no."
)
words = (HOLDS, ROUGHLY, NO)
needs, figure = ("memory",), "memory"
CLAIMED, LEAST = 3.0, 10**5


def measure(evidence):
    """{n: {"data": ratio without headers, "file": ratio of the whole files}}"""
    rows = rows_of(evidence.benchmarks.memory, "adam", least=0)
    found = {n: _ratios(row) for n, row in rows.items() if "checkpoint_file_bytes" in row}
    return found if any(n >= LEAST for n in found) else None


def _ratios(row):
    alone, all_of_it = row["checkpoint_parameter_file_bytes"], row["checkpoint_file_bytes"]
    data = (all_of_it - row["checkpoint_header_bytes"]) / (alone - row["checkpoint_parameter_header_bytes"])
    return {"data": data, "file": all_of_it / alone}


def decide(found):
    ratios = [r["data"] for n, r in found.items() if n >= LEAST]
    smallest = min(found)
    return Verdict(
        fit(ratios, CLAIMED),
        f"Headers apart, files of {sizes_text([n for n in found if n >= LEAST])} are {span(ratios)} times as"
        f" large with Adam's state; whole files of {sizes_text([smallest])}, headers included,"
        f" {number(found[smallest]['file'])} times.",
    )


def headline(found):
    ratios = [r["data"] for n, r in found.items() if n >= LEAST]
    return f"With Adam's state a checkpoint is {span(ratios, 2)} times as large as with parameters alone."
