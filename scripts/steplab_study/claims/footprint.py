"""What the claims on memory share: measured bytes in the countings that a claim could mean, as multiples
of the parameters' own."""

from ..wording.labels import count_label
from ..wording.numbers import number
from .verdict import WORDS, within

WITHIN = 0.01  # of a claimed ratio
LEAST = 10**6  # parameters: below, a page of memory is not small against the state
ALONE, GRADIENTS, PEAK = "parameters and state", "with gradients", "peak of the form with temporaries"


def rows_of(rows, optimizer, least=LEAST):
    """{n: row} of one optimizer, from `least` parameters on."""
    return {row["n"]: row for row in rows if row["optimizer"] == optimizer and row["n"] >= least}


def countings(results, optimizer):
    """{counting: {n: multiple of the parameters' bytes}} as resident memory grew; {} without
    measurements.

    The peak is of a step that allocates the result of every operation, gradients included.
    """
    fused, temporaries = rows_of(results.memory, optimizer), rows_of(results.temporaries, optimizer)
    found = {ALONE: {}, GRADIENTS: {}, PEAK: {}}
    for n, row in fused.items():
        found[ALONE][n] = 1 + row["resident_growth_bytes"] / (4 * n)
        found[GRADIENTS][n] = row["resident_total_growth_bytes"] / (4 * n)
    for n, row in temporaries.items():
        found[PEAK][n] = row["resident_peak_growth_bytes"] / (4 * n)
    return {counting: values for counting, values in found.items() if values}


def fit(values, claimed, share=WITHIN):
    """The word of the value that is furthest from the claimed one."""
    return max((within(value, claimed, share) for value in values), key=WORDS.index)


def span(values, digits=3):
    """'2.00' or '2.00 to 2.03'."""
    low, high = number(min(values), digits), number(max(values), digits)
    return low if low == high else f"{low} to {high}"


def sizes_text(sizes):
    """'1 M to 100 M parameters'."""
    low, high = count_label(min(sizes)), count_label(max(sizes))
    return f"{low} parameters" if low == high else f"{low} to {high} parameters"


def decimal_bytes(count):
    """Decimal units, as memory of models is spoken of: '40 GB'."""
    for size, unit in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if count >= size:
            return f"{count / size:.4g} {unit}"
    return f"{count} B"
