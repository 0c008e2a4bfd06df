"""Is a sentence about optimizers true? The claims ledger: one file a claim, c01_*.py to c39_*.py.

A claim module has
    id               "C01"
    sentence         the claim in our words, with its own qualifiers
    rule             the decision rule in words, as fixed before the run
    words            the verdict words that its rule can give
    needs            names of what it needs: "step", "memory" (benchmark parts) or studies
    figure           the name of the figure that shows it, or None
    measure(evidence)   the numbers it is decided by: plain data and Intervals; None when they are not there
    decide(found)       a Verdict of those numbers, a pure function
    headline(found)     the verdict and its number in one sentence of at most 25 words, a pure function
"""

import importlib
import pkgutil
import re
from dataclasses import replace

from ..wording.numbers import listing
from .verdict import NOT_RUN, OPEN, Verdict

_FILES = sorted(m.name for m in pkgutil.iter_modules(__path__) if re.match(r"c\d\d_", m.name))
ALL = tuple(importlib.import_module(f".{name}", __package__) for name in _FILES)
IDS = tuple(claim.id for claim in ALL)


def named(id):
    return next(claim for claim in ALL if claim.id == id)


def judge(claim, evidence):
    """The verdict of a claim from what was measured."""
    found = claim.measure(evidence)
    if found is None:
        text = f"Needs results of {listing(claim.needs)}."
        return Verdict(OPEN, text, why=NOT_RUN, headline="Open: this run did not measure it.")
    return replace(claim.decide(found), headline=claim.headline(found))
