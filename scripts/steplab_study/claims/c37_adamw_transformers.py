"""AdamW is the standard for transformers."""

import math

from ..protocol import ranking as protocol
from ..statistics.intervals import paired_ratio
from ..wording.numbers import interval, listing, number
from .verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED, Verdict

id = "C37"
sentence = "AdamW is the standard optimizer for transformers."
rule = (
    "Final validation loss of the four optimizers on each transformer, cosine protocol: supported if"
    " AdamW's is the lowest and separated (99 % interval of the paired ratio below 1 against each other"
    " one) on at least 2/3 of the sizes; imprecise if it is never separated from the best, or the best of"
    " all but Adam; contradicted if another one than Adam is separated below it on at least 2/3."
)
needs = ("ranking",)
figure = "loss_curves"


def measure(evidence):
    """{"sizes": {problem: {other optimizer: Interval of AdamW's final loss ÷ its}}}"""
    found = {}
    for ranking in evidence.rankings:
        if ranking.workload != "transformer" or ranking.schedule != "cosine" or ranking.clipped:
            continue
        mine = ranking.arms["adamw"].finals()
        others = {}
        for optimizer, arm in ranking.arms.items():
            if optimizer != "adamw" and all(math.isfinite(x) for x in (*mine, *arm.finals())):
                others[optimizer] = paired_ratio(mine, arm.finals(), 0.99)
        if len(others) == len(ranking.arms) - 1:
            found[ranking.name] = others
    return {"sizes": found} if found else None


def decide(found):
    sizes = found["sizes"]
    if not sizes:
        return Verdict(NOT_MEASURED, "no transformer with finite losses of all four.")
    below_all = sum(all(r.high < 1 for r in others.values()) for others in sizes.values())
    below_sgd = sum(all(r.high < 1 for o, r in others.items() if o != "adam") for others in sizes.values())
    beaten = sum(any(r.low > 1 for o, r in others.items() if o != "adam") for others in sizes.values())
    never_worse = all(r.low <= 1 for others in sizes.values() for r in others.values())
    told = [
        f"{name}: "
        + ", ".join(f"{interval(r)} × {protocol.OPTIMIZERS[o].label}'s" for o, r in others.items())
        for name, others in sizes.items()
    ]
    text = (
        f"AdamW's final loss: {listing(told)}. Separated below all three on {below_all} of"
        f" {number(len(sizes), 1)} sizes, below both SGDs on {below_sgd}."
    )
    if below_all >= 2 / 3 * len(sizes):
        return Verdict(SUPPORTED, text)
    if beaten >= 2 / 3 * len(sizes):
        return Verdict(CONTRADICTED, text)
    if never_worse or below_sgd >= 2 / 3 * len(sizes):
        return Verdict(IMPRECISE, text)
    return Verdict(NOT_SUPPORTED, text)
