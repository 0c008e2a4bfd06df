"""C38: memory of L-BFGS."""

from ..wording.numbers import listing, number
from .footprint import decimal_bytes
from .verdict import HOLDS, NO, Verdict

id = "C38"
sentence = "L-BFGS keeps two vectors a step of its history, which costs more memory than Adam's state."
rule = (
    "Arithmetic on the planner's bytes, as steplab has no L-BFGS: 2 × history vectors of the parameters' "
    "size against Adam's state. Holds if it is more at every usual history (5, 10, 20), otherwise no."
)
words = (HOLDS, NO)
needs, figure = ("planner",), None
MODEL, HISTORIES = 10 * 10**9, (5, 10, 20)


def measure(evidence):
    """{"adam": state bytes, "lbfgs": {history: bytes}} of ten billion parameters."""
    models = evidence.outcome("planner")
    if models is None:
        return None
    adam = models[str(MODEL)]["adam"]
    return {"adam": adam["state"], "lbfgs": {m: 2 * m * adam["parameters"] for m in HISTORIES}}


def decide(found):
    word = HOLDS if all(size > found["adam"] for size in found["lbfgs"].values()) else NO
    told = listing(f"{decimal_bytes(size)} with a history of {m}" for m, size in found["lbfgs"].items())
    return Verdict(
        word,
        f"By arithmetic alone, for ten billion parameters: {told}, where Adam's state takes"
        f" {decimal_bytes(found['adam'])}.",
    )


def headline(found):
    history = list(found["lbfgs"])[len(found["lbfgs"]) // 2]
    times = number(found["lbfgs"][history] / found["adam"], 2)
    return f"With a history of {history} steps, L-BFGS stores {times} times what Adam's state takes."
