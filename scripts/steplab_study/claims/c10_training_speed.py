"""C10: half the steps at 1.2 times the cost."""

from ..protocol import ranking as protocol
from ..rankings.across_workloads import TOYS
from ..statistics.intervals import Interval, quotient
from ..wording.labels import workload_label
from ..wording.numbers import interval, listing, number, span
from .combined import combined, counted
from .verdict import (
    CENSORED,
    HOLDS,
    IN_PART,
    NO,
    NOT_RUN,
    OPEN,
    OPPOSITE,
    ROUGHLY,
    Cell,
    in_range,
    of_interval,
    verdict_of,
)

id = "C10"
sentence = "With half the steps at 1.2 times the time each, Adam trains 1.67 times as fast."
rule = (
    "The arithmetic apart from its premises: 1 ÷ (0.5 × 1.2) is 1.67. The measured product is the time to "
    "the target of SGD-M ÷ that of Adam, 99 % intervals, on networks with at least 20 seeds. Holds if it "
    "lies in [1.5, 1.85] on two thirds of them under both protocols, roughly within 1.5 times that range, no "
    "outside it, opposite if Adam is slower, in part where networks or protocols disagree, open where too "
    "few are decided."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN)
needs, figure = ("ranking", "step_times"), "seconds_to_target"
STEPS, TIME, CLAIMED = 0.5, 1.2, 1.67
LOW, HIGH, LEVEL, FEWEST_SEEDS = 1.5, 1.85, 0.99, 20
PROTOCOLS = ("constant", "cosine")


def measure(evidence):
    """{protocol: {network: {"speedup": Interval or None, "seeds"}}}; None without any."""
    found = {}
    for ranking in evidence.rankings:
        if ranking.clipped or ranking.workload in TOYS:
            continue
        seeds = len(ranking.arms[protocol.COMPARED].finals()) if ranking.has(protocol.COMPARED) else 0
        network = {"speedup": _speedup(ranking), "seeds": seeds}
        found.setdefault(ranking.schedule, {})[ranking.name] = network
    return found or None


def _speedup(ranking):
    pair = protocol.COMPARED, protocol.REFERENCE
    if not ranking.has(*pair):
        return None
    ratio = ranking.seconds_ratio(*pair, level=LEVEL)
    return None if ratio is None else quotient(Interval(1, 1, 1, ratio.count), ratio)


def decide(found):
    cells = [_protocol(name, found.get(name, {})) for name in PROTOCOLS]
    product = combined("measured product", cells, every=True)
    arithmetic = HOLDS if abs(1 / (STEPS * TIME) - CLAIMED) < 0.005 else NO
    told = "; ".join(_told(name, networks) for name, networks in found.items())
    return verdict_of(
        product,
        f"1 ÷ ({STEPS} × {TIME}) is {number(1 / (STEPS * TIME))}. Measured, time to the target of SGD-M ÷"
        f" Adam: {told}.",
        (Cell("arithmetic", arithmetic), product),
    )


def headline(found):
    networks = [n for some in found.values() for n in some.values() if n["seeds"] >= FEWEST_SEEDS]
    known = [n["speedup"].value for n in networks if n["speedup"] is not None]
    if not known:
        return f"Open: no network has {FEWEST_SEEDS} seeds that tell how much sooner Adam reaches the target."
    return (
        f"With {FEWEST_SEEDS} seeds Adam reaches the target {span(known, 2)} times as fast as SGD with"
        f" momentum; {CLAIMED} is claimed."
    )


def _protocol(name, networks):
    if not networks:
        return Cell(f"{name} rate", OPEN, NOT_RUN)
    return combined(f"{name} rate", [_cell(label, **network) for label, network in networks.items()])


def _cell(label, speedup, seeds):
    if seeds < FEWEST_SEEDS:
        return Cell(workload_label(label), OPEN, f"fewer than {FEWEST_SEEDS} seeds")
    return of_interval(workload_label(label), speedup, in_range(speedup, LOW, HIGH, neutral=1.0), CENSORED)


def _told(schedule, networks):
    cells = [_cell(label, **network) for label, network in networks.items()]
    known = {name: n["speedup"] for name, n in networks.items() if n["speedup"] is not None}
    told = listing(f"{workload_label(name)} {interval(speedup)}" for name, speedup in known.items())
    return f"{schedule} rate: {told} ({counted([cell.word for cell in cells])})"
