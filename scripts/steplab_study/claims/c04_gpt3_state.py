"""C04: the state of a model with 175 billion parameters."""

from ..wording.numbers import number
from .footprint import decimal_bytes
from .verdict import HOLDS, NO, Verdict

id = "C04"
sentence = "At 175 billion parameters Adam's state takes 1.4 TB, twice what the parameters take."
rule = (
    "Holds if the planner's bytes, in decimal units, are exactly 1.4 TB and exactly twice the parameters; "
    "otherwise no."
)
words = (HOLDS, NO)
needs, figure = ("planner",), None
MODEL, CLAIMED = 175 * 10**9, 14 * 10**11


def measure(evidence):
    models = evidence.outcome("planner")
    return None if models is None else models[str(MODEL)]["adam"]


def decide(found):
    state, parameters = found["state"], found["parameters"]
    word = HOLDS if state == CLAIMED and state == 2 * parameters else NO
    return Verdict(
        word,
        f"The planner has {decimal_bytes(state)} of Adam's state beside {decimal_bytes(parameters)} of"
        f" parameters, {state / parameters:.4g} times as much.",
    )


def headline(found):
    state, parameters = found["state"], found["parameters"]
    times = number(state / parameters, 2)
    return (
        f"For 175 billion parameters Adam's state takes {decimal_bytes(state)}, {times} times what the"
        " parameters take."
    )
