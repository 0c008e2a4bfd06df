"""The sections of the report: one file each, in the order of ALL. Each has `build(evidence)` giving a
Section."""

from . import advice, convergence, headline, ledger, limits, machine, memory, peers, reproduce, single, step

ALL = (machine, headline, advice, step, memory, peers, convergence, single, ledger, limits, reproduce)
