"""C05: state that nobody needs is never created."""

from ..wording.numbers import number
from .footprint import rows_of, sizes_text
from .verdict import CONTRADICTED, NOT_MEASURED, SUPPORTED, Verdict

id = "C05"
sentence = "Momentum buffers that are created when first used cost nothing when momentum is off."
rule = (
    "State bytes a parameter over the first step. Supported if, without momentum, the accounting has 0 and"
    " resident memory grows by less than 1 % of the control: 4 within 1 % at 0.9, by both. Contradicted if"
    " there is state without momentum; not measured if the control fails, as then nothing could have been"
    " seen."
)
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
    if not all(abs(value / CONTROL - 1) <= WITHIN for value in on):
        word = NOT_MEASURED
    else:
        word = SUPPORTED if accounted == 0 and resident < WITHIN * CONTROL else CONTRADICTED
    return Verdict(
        word,
        f"State a parameter at {sizes_text(found['sizes'])}: without momentum {number(accounted)} B by the"
        f" accounting and {number(resident, 2)} B of resident memory at most; with momentum 0.9, the control,"
        f" {number(min(on), 4)} to {number(max(on), 4)} B.",
    )
