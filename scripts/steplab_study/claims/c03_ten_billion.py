"""C03: the memory of a model with ten billion parameters."""

from ..statistics.power_laws import linear_slope
from ..wording.numbers import number
from .footprint import decimal_bytes, rows_of, sizes_text
from .verdict import HOLDS, IN_PART, NO, OPEN, ROUGHLY, WORDS, Cell, said, verdict_of, within

id = "C03"
sentence = (
    "Ten billion float32 parameters take 40 GB; Adam's state 80 GB more (120 GB in all), momentum 40 GB (80"
    " GB in all), so that Adam needs 40 GB more."
)
rule = (
    "Holds if the planner's bytes, in decimal units, are exactly these and the measured bytes per parameter, "
    "up to 1e8 parameters, are theirs within 0.1 %. Roughly within 0.15 %, in part if only the planner's "
    "fit, no if they do not, open if memory was not measured up to 1e8 parameters."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPEN)
needs, figure = ("planner", "memory"), "memory"
MODEL = 10 * 10**9
GB = 10**9
CLAIMED = {"sgd_momentum": (40 * GB, 40 * GB), "adam": (40 * GB, 80 * GB)}  # parameters, state
LARGEST, WITHIN = 10**8, 1e-3


def measure(evidence):
    models = evidence.outcome("planner")
    if models is None:
        return None
    table = models[str(MODEL)]
    planned = {o: [table[o]["parameters"], table[o]["state"]] for o in CLAIMED}
    slopes, sizes = {}, []
    for optimizer in CLAIMED:
        rows = rows_of(evidence.benchmarks.memory, optimizer, least=0)
        if len(rows) >= 2:
            slopes[optimizer] = linear_slope(list(rows), [_kept(row) for row in rows.values()])
            sizes = list(rows)
    return {"planned": planned, "slopes": slopes, "sizes": sizes}


def _kept(row):
    """Resident bytes of parameters and state."""
    return row["resident_total_growth_bytes"] - row["accounted_gradient_bytes"]


def decide(found):
    text = f"{_planned(found['planned'])} {_measured(found['slopes'], found['sizes'])}"
    return verdict_of(_cell(found["planned"], found["slopes"], found["sizes"]), text)


def headline(found):
    (parameters, momentum), (_, adam) = (found["planned"][o] for o in CLAIMED)
    tail = {
        HOLDS: ", as claimed",
        ROUGHLY: "; the measured bytes are close",
        IN_PART: "; the measured bytes differ",
        NO: ", not as claimed",
        OPEN: "; memory was not measured that far",
    }[decide(found).word]
    told = f"{decimal_bytes(parameters)}; Adam's state adds {decimal_bytes(adam)}"
    sentence = f"Ten billion parameters take {told} and momentum {decimal_bytes(momentum)}{tail}."
    return said(decide(found), sentence)


def _cell(planned, slopes, sizes):
    if not all(tuple(planned[o]) == claimed for o, claimed in CLAIMED.items()):
        return Cell(id, NO)
    if len(slopes) < len(CLAIMED) or max(sizes) < LARGEST:
        return Cell(id, OPEN, "memory was not measured up to 100 M parameters")
    words = [within(slopes[o] * MODEL, sum(CLAIMED[o]), WITHIN) for o in CLAIMED]
    worst = max(words, key=WORDS.index)
    if worst == NO:
        return Cell(id, IN_PART, "the planner's bytes fit, the measured ones do not")
    return Cell(id, worst)


def _planned(planned):
    (p, momentum), (_, adam) = planned["sgd_momentum"], planned["adam"]
    return (
        f"The planner has {decimal_bytes(p)} of parameters, {decimal_bytes(adam)} of Adam's state"
        f" ({decimal_bytes(p + adam)} in all) and {decimal_bytes(momentum)} of momentum"
        f" ({decimal_bytes(p + momentum)}): {decimal_bytes(adam - momentum)} between them."
    )


def _measured(slopes, sizes):
    if not slopes:
        return "The slope was not measured."
    told = " and ".join(f"{number(slopes[o], 5)} B" for o in CLAIMED if o in slopes)
    return (
        f"Measured over {sizes_text(sizes)}, parameters and state grow by {told} a parameter (SGD-M, Adam)."
    )
