"""How many peers may hold a cell at once, and what the state of one weighs."""

import os
import re

from ..machine.checks import System
from .asking import Failure
from .pool import number
from .profiles import HELD, MEMORY

TEMPORARY = 20  # bytes a parameter beyond HELD while it steps, in forms that are not fused: the NumPy form's
SHARE = 0.5  # of the memory available that prepared cells may take


def available(system=None):
    """Bytes that can be had without swapping; all there are where the kernel does not tell."""
    match = re.search(r"^MemAvailable:\s*(\d+)", (system or System()).text("proc/meminfo") or "", re.M)
    return 1024 * int(match[1]) if match else os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def fitting(rule, parameters, free):
    """How many peers may have a cell prepared at the same time; none where not even one can step."""
    if (HELD[rule] + TEMPORARY) * parameters > free:
        return 0
    return max(1, int((SHARE * free / parameters - TEMPORARY) / HELD[rule]))


def weigh(pool, peer, rule):
    """One entry of `memory`."""
    entry = {"peer": peer.name, "rule": rule, "threads": pool.threads}
    try:
        cell = {"rule": rule, "tensors": list(MEMORY), "seed": 1}
        pool.prepare(peer, cell)
        answer = pool.ask(peer, "memory", 120)
        state = number(answer, "state_bytes") / sum(MEMORY)
        peak = None if answer.get("peak_bytes") is None else number(answer, "peak_bytes") / sum(MEMORY)
        found = {"state_bytes_per_parameter": state, "peak_bytes_per_parameter": peak, "error": None}
    except Failure as failure:
        found = {
            "state_bytes_per_parameter": None,
            "peak_bytes_per_parameter": None,
            "error": str(failure),
        }
    pool.drop(peer)
    return {**entry, **found}
