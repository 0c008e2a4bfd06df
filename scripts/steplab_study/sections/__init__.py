"""The sections of the report: one file each, in the order of ALL. Each has `build(results)` giving a
Section."""

from . import convergence, headline, limits, machine, memory, reproduce, step

ALL = (machine, headline, step, memory, convergence, limits, reproduce)
