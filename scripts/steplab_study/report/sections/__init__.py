"""What is read, in which order? The sections of the report: one file each.

Each has `build(evidence)` giving a Section.
"""

from . import (
    advice,
    against,
    convergence,
    extras,
    headline,
    ledger,
    limits,
    machine,
    memory,
    peers,
    reproduce,
    step,
    step_limits,
    studies,
    tensors,
)

ALL = (
    *(machine, headline, advice, step, step_limits, tensors, extras, memory, peers, against),
    *(convergence, studies, ledger, limits, reproduce),
)
