"""The sections of the report: one file each, in the order of ALL.

Each has `build(evidence)` giving a Section.
"""

from . import (
    advice,
    against,
    convergence,
    headline,
    ledger,
    limits,
    machine,
    memory,
    peers,
    reproduce,
    single,
    step,
)
from . import extras, step_limits, tensors

ALL = (
    *(machine, headline, advice, step, step_limits, tensors, extras, memory, peers, against),
    *(convergence, single, ledger, limits, reproduce),
)
