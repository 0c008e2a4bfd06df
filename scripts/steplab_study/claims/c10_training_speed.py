"""C10: half the steps at 1.2 times the cost."""

from ..protocol import ranking as protocol
from ..rankings.across_workloads import TOYS
from ..statistics.intervals import Interval, quotient
from ..wording.numbers import interval, listing, number
from .combined import counted, majority, overall
from .verdict import CONTRADICTED, NOT_MEASURED, SUPPORTED, Verdict, in_range

id = "C10"
sentence = "With half the steps at 1.2 times the time each, Adam trains 1.67 times as fast."
rule = (
    "The arithmetic apart from its premises: 1 ÷ (0.5 × 1.2) is 1.67. The measured product, time to the"
    " target of SGD-M ÷ that of Adam per network, in [1.5, 1.85] on two thirds of them, 99 % intervals,"
    " under both protocols."
)
needs, figure = ("ranking", "step_times"), "seconds_to_target"
STEPS, TIME, CLAIMED = 0.5, 1.2, 1.67
LOW, HIGH, LEVEL = 1.5, 1.85, 0.99


def measure(evidence):
    """{"speedups": {protocol: {network: Interval or None}}, "steps", "times": the premises, as medians
    over networks}"""
    found = {}
    for ranking in evidence.rankings:
        if ranking.clipped or ranking.workload in TOYS:
            continue
        found.setdefault(ranking.schedule, {})[ranking.name] = _speedup(ranking)
    return {"speedups": found} if found else None


def _speedup(ranking):
    pair = protocol.COMPARED, protocol.REFERENCE
    if not ranking.has(*pair):
        return None
    ratio = ranking.seconds_ratio(*pair, level=LEVEL)
    return None if ratio is None else quotient(Interval(1, 1, 1, ratio.count), ratio)


def decide(found):
    words = {
        schedule: [in_range(speedup, LOW, HIGH) for speedup in networks.values()]
        for schedule, networks in found["speedups"].items()
    }
    protocols = [majority(of) for of in words.values()]
    product = overall(protocols + [NOT_MEASURED] * (2 - len(protocols)))
    arithmetic = SUPPORTED if abs(1 / (STEPS * TIME) - CLAIMED) < 0.005 else CONTRADICTED
    told = "; ".join(_told(schedule, found["speedups"][schedule], of) for schedule, of in words.items())
    return Verdict(
        product,
        f"1 ÷ ({STEPS} × {TIME}) is {number(1 / (STEPS * TIME))}. Measured, time to the target of SGD-M ÷"
        f" Adam: {told}.",
        (("arithmetic", arithmetic), ("measured product", product)),
    )


def _told(schedule, networks, words):
    known = [f"{name} {interval(speedup)}" for name, speedup in networks.items() if speedup is not None]
    if all(word == NOT_MEASURED for word in words) and not known:
        return f"{schedule} rate: not decided on any of {len(words)} networks"
    return f"{schedule} rate: {listing(known)} ({counted(words)})"
