"""C33: rates that are too large, and too small."""

from ..statistics.intervals import paired_ratio
from ..wording.numbers import interval, number
from .combined import combined
from .verdict import (
    CENSORED,
    HOLDS,
    IN_PART,
    NO,
    NOT_RUN,
    OPEN,
    ROUGHLY,
    STRETCH,
    Cell,
    at_least,
    of_interval,
    said,
    verdict_of,
)

id = "C33"
sentence = "Too large a learning rate diverges; too small a one is slow or ends in poor minima."
rule = (
    "Two statements. Too large: on a quadratic the runs above lr = 2/h_max diverge and those below do not, 2 "
    "bracketed within 5 %; roughly if the threshold is within 1.5 times 2; no if elsewhere or nowhere. Too "
    "small: a rate 16 times below the best ends with a loss more than 5 % higher after as many steps (slow), "
    "and still after 16 times as many (poorer minimum), 99 % intervals; roughly 3.3 %. The claim holds if "
    "both do, in part if some do, open if they were not run or are too wide."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPEN)
needs = ("valley", "lr_sensitivity")
figure = "lr_sensitivity"
LIMIT, BRACKET, EXCESS = 2.0, 1.05, 1.05
LARGE, SMALL = "too large diverges", "too small is slow or ends in poor minima"
LEVEL = 0.99


def measure(evidence):
    threshold = evidence.outcomes("valley").get("threshold")
    small = next(
        (o["small_rate"] for o in evidence.outcomes("lr_sensitivity").values() if o["small_rate"]), None
    )
    if threshold is None and small is None:
        return None
    return {"threshold": threshold and _threshold(threshold), "small": small and _small(small)}


def _threshold(rows):
    stable = [row["rate"] for row in rows if not row["diverged"]]
    lost = [row["rate"] for row in rows if row["diverged"]]
    return {"stable": max(stable, default=0.0), "diverged": min(lost, default=None)}


def _small(small):
    return {
        "rate": small["rate"],
        "best_rate": small["best_rate"],
        "longer": small["longer"],
        "slow": paired_ratio(small["same_steps"], small["best"], LEVEL),
        "late": paired_ratio(small["more_steps"], small["best"], LEVEL),
    }


def decide(found):
    cells = (_large_cell(found["threshold"]), _small_cell(found["small"]))
    return verdict_of(combined(id, cells, every=True), _text(found), cells)


def headline(found):
    threshold, small = found["threshold"], found["small"]
    lost = threshold and threshold["diverged"]
    large = "no rate diverges" if threshold else "divergence was not tested"
    if lost is not None:
        large = f"SGD diverges from {number(lost, 2)}/h_max on"
    if small is None or small["slow"] is None:
        return f"On a quadratic {large}; small rates tell nothing here."
    times = number(small["best_rate"] / small["rate"], 2)
    excess = number(100 * (small["slow"].value - 1), 2)
    return said(
        decide(found),
        f"On a quadratic {large}; a rate {times} times too small changes the MLP's loss by {excess} %.",
    )


def _large_cell(threshold):
    if threshold is None:
        return Cell(LARGE, OPEN, NOT_RUN)
    stable, diverged = threshold["stable"], threshold["diverged"]
    if diverged is None or stable > diverged:
        return Cell(LARGE, NO)
    if stable <= LIMIT <= diverged and diverged <= BRACKET * stable:
        return Cell(LARGE, HOLDS)
    return Cell(LARGE, ROUGHLY if LIMIT / STRETCH <= stable and diverged <= LIMIT * STRETCH else NO)


def _small_cell(small):
    if small is None:
        return Cell(SMALL, OPEN, NOT_RUN)
    parts = (("slow", small["slow"]), ("a poorer minimum", small["late"]))
    cells = [of_interval(label, r, at_least(r, EXCESS, neutral=1.0), CENSORED) for label, r in parts]
    return combined(SMALL, cells, every=True)


def _text(found):
    said = []
    threshold, small = found["threshold"], found["small"]
    if threshold and threshold["diverged"] is not None:
        said.append(
            f"On a quadratic the largest rate that converged is {number(threshold['stable'])}/h_max and "
            f"the smallest that diverged {number(threshold['diverged'])}/h_max."
        )
    elif threshold:
        said.append("On a quadratic no rate diverged.")
    if small:
        said.append(
            f"On the small MLP a rate {number(small['best_rate'] / small['rate'], 2)} times below SGD's "
            f"best ends at {interval(small['slow'])} times its validation loss after as many steps, and at "
            f"{interval(small['late'])} times after {small['longer']} times as many (99 % intervals)."
        )
    return " ".join(said)
