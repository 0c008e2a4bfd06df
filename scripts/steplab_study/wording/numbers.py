"""Numbers as text, and words that an interval allows: nothing in the report states a comparison by
hand."""

import math

from ..statistics.intervals import separation
from .labels import seconds_label


def number(value, digits=3):
    """`digits` significant digits without an exponent where that is readable."""
    if value is None or not math.isfinite(value):
        return "-∞" if value == -math.inf else "∞"
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e6:
        decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
        return f"{value:.{decimals}f}"
    return f"{value:.{digits - 1}e}"


def grouped(value):
    """33554432 as '33 554 432'."""
    return f"{value:,}".replace(",", " ")


def interval(found, digits=3):
    """'0.81 [0.80, 0.82]'; '–' when there is none."""
    if found is None:
        return "–"
    return f"{number(found.value, digits)} [{number(found.low, digits)}, {number(found.high, digits)}]"


def percent(found):
    """A share as '96 % [95, 97]'."""
    if found is None:
        return "–"
    return f"{100 * found.value:.0f} % [{100 * found.low:.0f}, {100 * found.high:.0f}]"


def seconds(found):
    """An interval of seconds in the unit of its value."""
    if found is None:
        return "–"
    high = seconds_label(found.high) if math.isfinite(found.high) else "∞"
    return f"{seconds_label(found.value)} [{seconds_label(found.low)}, {high}]"


def bytes_text(count):
    """Binary units, as caches are sold."""
    for size, unit in ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count} B"


def verdict(ratio, fewer, more, floor):
    """`fewer` or `more` where `separation` tells a ratio from 1.

    `floor`: the smallest detectable difference of what was timed; 0 for what was counted, or where the
    interval has it already.
    """
    if ratio is None:
        return "not measured"
    return {-1: fewer, 1: more, 0: "not separated"}[separation(ratio, floor)]


def span(values, digits=3):
    """'0.8 to 1.2'; one number where both ends read alike."""
    low, high = number(min(values), digits), number(max(values), digits)
    return low if low == high else f"{low} to {high}"


def counted(words):
    """'faster at 2 and undecided at 1', in the order of first appearance."""
    return listing(f"{word} at {words.count(word)}" for word in dict.fromkeys(words))


def plural(count, word):
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def listing(words):
    """'a, b and c'."""
    words = list(words)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else "none"
