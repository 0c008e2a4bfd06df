"""AdamW is the standard for transformers."""

import math

from ..protocol import ranking as protocol
from ..statistics.intervals import paired_ratio
from ..wording.numbers import interval, listing, number, span
from .combined import combined
from .verdict import HOLDS, IN_PART, NO, OPEN, Cell, in_range, of_interval, said, verdict_of

id = "C37"
sentence = "AdamW is the standard optimizer for transformers."
rule = (
    "Final validation loss of the four optimizers on each transformer, cosine protocol, 99 % intervals of "
    "paired ratios. A size holds if AdamW's loss lies below each other one's, is in part if below some, no "
    "if SGD or SGD-M lies below AdamW, open if none is told apart. Two thirds of the decided sizes give the "
    "word."
)
words = (HOLDS, IN_PART, NO, OPEN)
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
        why = "no transformer with finite losses of all four"
        return verdict_of(Cell(id, OPEN, why), f"{why.capitalize()}.")
    below_all = sum(all(r.high < 1 for r in others.values()) for others in sizes.values())
    below_sgd = sum(all(r.high < 1 for o, r in others.items() if o != "adam") for others in sizes.values())
    told = [
        f"{name}: "
        + ", ".join(f"{interval(r)} × {protocol.OPTIMIZERS[o].label}'s" for o, r in others.items())
        for name, others in sizes.items()
    ]
    text = (
        f"AdamW's final loss: {listing(told)}. Separated below all three on {below_all} of"
        f" {number(len(sizes), 1)} sizes, below both SGDs on {below_sgd}."
    )
    return verdict_of(combined(id, [_size(name, others) for name, others in sizes.items()]), text)


def headline(found):
    values = [{o: r.value for o, r in others.items()} for others in found["sizes"].values()]
    if not values:
        return "Open: no transformer ended with finite losses of all four optimizers."
    adam, momentum = (span([v[o] for v in values], 2) for o in ("adam", "sgd_momentum"))
    return said(
        decide(found),
        f"On transformers AdamW's final loss is {adam} times Adam's and {momentum} times that of SGD with"
        " momentum.",
    )


def _size(name, others):
    cells = [_against(protocol.OPTIMIZERS[o].label, ratio) for o, ratio in others.items()]
    beaten = any(ratio.low > 1 for o, ratio in others.items() if o != "adam")
    return Cell(name, NO) if beaten else combined(name, cells, every=True)


def _against(label, ratio):
    """Below the other's loss, above it, or not told apart."""
    return of_interval(label, ratio, in_range(ratio, -math.inf, 1.0, neutral=1.0, extra=0.0))
