"""The claims ledger: one file a claim, c01.py to c39.py.

A claim module has
    id               "C01"
    sentence         the claim in our words, with its own qualifiers
    rule             the decision rule in words, as fixed before the run
    needs            names of what it needs: "step", "memory" (benchmark parts) or studies
    figure           the name of the figure that shows it, or None
    measure(evidence)   the numbers it is decided by: plain data and Intervals; None when they are not there
    decide(found)       a Verdict of those numbers, a pure function
"""

import importlib

from .verdict import NOT_MEASURED, Verdict

IDS = tuple(f"C{number:02}" for number in range(1, 40))
ALL = tuple(importlib.import_module(f".{id.lower()}", __package__) for id in IDS)


def named(id):
    return next(claim for claim in ALL if claim.id == id)


def judge(claim, evidence):
    """The verdict of a claim from what was measured."""
    found = claim.measure(evidence)
    if found is None:
        return Verdict(NOT_MEASURED, f"needs {', '.join(claim.needs)}")
    return claim.decide(found)
