"""C03: the memory of a model with ten billion parameters."""

from ..statistics.power_laws import linear_slope
from ..wording.numbers import number
from .footprint import decimal_bytes, rows_of, sizes_text
from .verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, SUPPORTED, Verdict

id = "C03"
sentence = (
    "Ten billion float32 parameters take 40 GB; Adam's state 80 GB more (120 GB in all), momentum 40 GB (80"
    " GB in all), so that Adam needs 40 GB more."
)
rule = (
    "The planner's bytes, decimal units, must be exactly these, and the measured slope of parameters and"
    " state up to 1e8 parameters theirs within 0.1 %. Imprecise if only the planner's fit, contradicted if"
    " they do not."
)
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
    exact = all(tuple(found["planned"][o]) == claimed for o, claimed in CLAIMED.items())
    slopes, sizes = found["slopes"], found["sizes"]
    if not exact:
        word = CONTRADICTED
    elif len(slopes) < len(CLAIMED) or max(sizes) < LARGEST:
        word = NOT_MEASURED
    else:
        steady = all(abs(slopes[o] * MODEL / sum(CLAIMED[o]) - 1) <= WITHIN for o in CLAIMED)
        word = SUPPORTED if steady else IMPRECISE
    return Verdict(word, f"{_planned(found['planned'])} {_measured(slopes, sizes)}")


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
