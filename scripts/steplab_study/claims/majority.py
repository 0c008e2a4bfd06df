"""The word of a claim that is decided in many cells: sizes, thread counts, workloads, protocols."""

from .verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED, share_of

ENOUGH = 2 / 3
TOYS = ("quadratic", "rosenbrock")  # a training step of theirs costs what no model's does


def majority(words):
    """Supported or contradicted in two thirds of what was measured; imprecise where it holds in some, or
    nearly in two thirds."""
    if all(word == NOT_MEASURED for word in words):
        return NOT_MEASURED
    near = share_of(words, SUPPORTED) + share_of(words, IMPRECISE)
    if share_of(words, SUPPORTED) >= ENOUGH:
        return SUPPORTED
    if SUPPORTED in words or near >= ENOUGH:
        return IMPRECISE
    return CONTRADICTED if share_of(words, CONTRADICTED) >= ENOUGH else NOT_SUPPORTED


def agreed(words):
    """The word of both protocols; where they disagree, or one is missing, a claim is at most
    imprecise."""
    kinds = set(words) | ({NOT_MEASURED} if len(words) < 2 else set())
    if len(kinds) == 1:
        return kinds.pop()
    if kinds & {SUPPORTED, IMPRECISE}:
        return IMPRECISE
    return CONTRADICTED if kinds == {CONTRADICTED, NOT_MEASURED} else NOT_SUPPORTED


def counted(words):
    """'5 of 12 supported, 7 of 12 contradicted'."""
    kinds = dict.fromkeys(sorted(words))
    return ", ".join(f"{words.count(kind)} of {len(words)} {kind}" for kind in kinds) if kinds else "none"
