"""One word for a claim from the words of its cells (sizes, threads, workloads) or of its statements."""

from .verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED, share_of

MOST = 2 / 3


def most(words):
    """Of cases that say the same thing: the word of 2/3 of those that were measured; else imprecise when it
    holds in some of them. Not measured when fewer than half of the cases were."""
    if 2 * words.count(NOT_MEASURED) > len(words) or not words:
        return NOT_MEASURED
    for word in (SUPPORTED, CONTRADICTED, NOT_SUPPORTED):
        if share_of(words, word) >= MOST:
            return word
    return IMPRECISE if SUPPORTED in words or IMPRECISE in words else NOT_SUPPORTED


def majority(words):
    """Supported or contradicted in two thirds of what was measured; imprecise where it holds in some, or
    nearly in two thirds.

    Unlike `most`: one cell in which it holds is enough for imprecise, and few measured cells decide.
    """
    if all(word == NOT_MEASURED for word in words):
        return NOT_MEASURED
    near = share_of(words, SUPPORTED) + share_of(words, IMPRECISE)
    if share_of(words, SUPPORTED) >= MOST:
        return SUPPORTED
    if SUPPORTED in words or near >= MOST:
        return IMPRECISE
    return CONTRADICTED if share_of(words, CONTRADICTED) >= MOST else NOT_SUPPORTED


def overall(words):
    """Of statements that all have to hold, or protocols that have to agree: supported when each is; imprecise
    when some hold."""
    decided = {word for word in words if word != NOT_MEASURED}
    if not decided:
        return NOT_MEASURED
    if len(set(words)) == 1:
        return words[0]
    if decided & {SUPPORTED, IMPRECISE}:
        return IMPRECISE
    return CONTRADICTED if decided == {CONTRADICTED} else NOT_SUPPORTED


def counted(words):
    """'5 of 12 supported, 7 of 12 contradicted'."""
    kinds = dict.fromkeys(sorted(words))
    return ", ".join(f"{words.count(kind)} of {len(words)} {kind}" for kind in kinds) if kinds else "none"
