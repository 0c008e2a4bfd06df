"""C05: state that nobody needs is never created."""

from ..wording.numbers import number
from .footprint import rows_of, sizes_text
from .verdict import HOLDS, NO, OPEN, Verdict, within

id = "C05"
sentence = "Momentum buffers that are created when first used cost nothing when momentum is off."
rule = (
    "State bytes per parameter after the first step. Holds if, without momentum, the accounting has 0 and "
    "resident memory grows by less than 1 % of the control. No if there is state without momentum. Open if "
    "the control fails (4 bytes within 1 % at momentum 0.9, by both): then nothing could have been seen."
)
words = (HOLDS, NO, OPEN)
needs, figure = ("memory",), "memory"
CONTROL, WITHIN = 4.0, 0.01


def measure(evidence):
    """{"off", "on": {"accounted", "resident": [bytes a parameter, one a size]}, "sizes"}"""
    off, on = (rows_of(evidence.benchmarks.memory, o) for o in ("sgd", "sgd_momentum"))
    if not off or not on:
        return None
    return {"off": _state(off), "on": _state(on), "sizes": sorted(off)}


def _state(rows):
    return {
        "accounted": [row["accounted_state_bytes"] / n for n, row in rows.items()],
        "resident": [row["resident_growth_bytes"] / n for n, row in rows.items()],
    }


def decide(found):
    on = [*found["on"]["accounted"], *found["on"]["resident"]]
    accounted, resident = max(found["off"]["accounted"]), max(found["off"]["resident"])
    seen = all(within(value, CONTROL, WITHIN) == HOLDS for value in on)
    none = accounted == 0 and resident < WITHIN * CONTROL
    word = (HOLDS if none else NO) if seen else OPEN
    return Verdict(
        word,
        f"State a parameter at {sizes_text(found['sizes'])}: without momentum {number(accounted)} B by the"
        f" accounting and {number(resident, 2)} B of resident memory at most; with momentum 0.9, the control,"
        f" {number(min(on), 4)} to {number(max(on), 4)} B.",
        why="" if seen else "the control did not show its 4 B",
    )


def headline(found):
    least = min(max(found["on"][how]) for how in ("accounted", "resident"))
    if decide(found).word == OPEN:
        return f"Open: the control with momentum showed {number(least, 2)} B of state, not {CONTROL:g} B."
    most = max(max(found["off"][how]) for how in ("accounted", "resident"))
    return (
        f"Without momentum the state takes {number(most, 1)} B per parameter, with momentum"
        f" {number(least, 2)} B."
    )
