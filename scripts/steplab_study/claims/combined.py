"""One word for a claim from the words of its cells (sizes, threads, workloads) or of its statements."""

from ..wording.numbers import listing
from .verdict import DECIDED, HOLDS, IN_PART, NO, NOT_RUN, OPEN, OPPOSITE, ROUGHLY, Cell

MOST_NAMED = 4  # cells; of more the count stands


def combined(label, cells, every=False, fewest=1):
    """The Cell that some cells make together.

    A word needs two thirds of the decided cells; a rough one counts for `roughly`, an opposite one for `no`.
    Else it is `in part`, with the cells of each word as its conditions. It is open where fewer than `fewest`
    cells, or fewer than half, are decided. `every`: statements that all have to hold, and protocols that have
    to agree: a word needs them all, and an open one leaves at most `in part`.
    """
    decided = [cell for cell in cells if cell.word != OPEN]
    needed = 1 if every else max(fewest, (len(cells) + 1) // 2)
    if len(decided) < needed or not decided:
        return Cell(label, OPEN, _too_few(decided, cells, fewest))
    voting = cells if every else decided
    for word, counting in ((HOLDS, ()), (ROUGHLY, (HOLDS,)), (OPPOSITE, ()), (NO, (OPPOSITE,))):
        votes = sum(cell.word in (word, *counting) for cell in voting)
        if votes == len(voting) or (not every and 3 * votes >= 2 * len(voting)):
            return Cell(label, word)
    if any(cell.word in (HOLDS, ROUGHLY, IN_PART) for cell in decided):
        return Cell(label, IN_PART, spread(cells))
    return Cell(label, OPEN, _too_few(decided, cells, fewest))


def spread(cells):
    """Which cells have which word, and why: 'holds: a and b; no: 12 of 15'."""
    told = []
    for word in (*DECIDED, OPEN):
        some = [cell for cell in cells if cell.word == word]
        if some:
            named = _named(some) if len(some) <= MOST_NAMED else f"{len(some)} of {len(cells)}"
            told.append(f"{word}: {named}")
    return "; ".join(told)


def _named(cells):
    """'a and b (too wide) and c (not run)'"""
    labels = {}
    for cell in cells:
        labels.setdefault(cell.why, []).append(cell.label)
    return listing(f"{listing(some)} ({why})" if why else listing(some) for why, some in labels.items())


def _too_few(decided, cells, fewest):
    """'2 of 12 decided; open: the interval is too wide (9), not run (1)'; one reason for all stands alone."""
    reasons = [cell.why for cell in cells if cell.word == OPEN]
    kinds = list(dict.fromkeys(reasons))
    if not decided and len(kinds) <= 1:
        return kinds[0] if kinds else NOT_RUN
    told = ", ".join(f"{why} ({reasons.count(why)})" for why in kinds)
    needed = f", {fewest} are needed" if len(decided) < fewest > 1 else ""
    return f"{len(decided)} of {len(cells)} decided{needed}" + (f"; open: {told}" if kinds else "")


def counted(words):
    """'5 of 12 holds, 7 of 12 no', in the order of the words."""
    kinds = [word for word in (*DECIDED, OPEN) if word in words]
    return ", ".join(f"{words.count(kind)} of {len(words)} {kind}" for kind in kinds) if kinds else "none"
