"""Rankings seen together: which belong to which protocol and workload, and one ratio across workloads.

Across workloads the workload is the unit: each gives the geometric mean over its sizes, and the interval is
over workloads. Toys (quadratics and the valley) are shown, but have no vote: nobody trains them.
"""

import math
from dataclasses import dataclass

from ..protocol import ranking as protocol
from ..statistics.intervals import Interval, geometric_interval

TOYS = ("quadratic", "rosenbrock")
TOP, BOTTOM = protocol.OPTIMIZERS[protocol.COMPARED], protocol.OPTIMIZERS[protocol.REFERENCE]
GOAL = "target"
PROTOCOLS = {  # label: (schedule, clipped)
    "constant rate": ("constant", False),
    "cosine ladder": ("cosine", False),
    "constant rate, clipped": ("constant", True),
    "cosine ladder, clipped": ("cosine", True),
}


def protocol_label(ranking):
    return next(label for label, key in PROTOCOLS.items() if key == (ranking.schedule, ranking.clipped))


def by_protocol(rankings):
    """{label: rankings} of the protocols that were run, the primary one first."""
    found = {label: [r for r in rankings if protocol_label(r) == label] for label in PROTOCOLS}
    return {label: some for label, some in found.items() if some}


def constant(rankings):
    """The primary protocol: constant learning rate, no clipping."""
    return [r for r in rankings if r.schedule == "constant" and not r.clipped]


def cosine(rankings):
    """The ladder of horizons, each with its own cosine, no clipping."""
    return [r for r in rankings if r.schedule == "cosine" and not r.clipped]


def families(rankings):
    """{workload: its rankings, smallest model first}, in the order of the rankings."""
    found = {}
    for ranking in rankings:
        found.setdefault(ranking.workload, []).append(ranking)
    return {w: sorted(some, key=lambda r: (r.parameters, r.name)) for w, some in found.items()}


def models(rankings):
    """Rankings of what is trained in earnest: all but the toys."""
    return [r for r in rankings if r.workload not in TOYS]


@dataclass(frozen=True)
class Across:
    """One ratio across workloads."""

    values: dict  # {workload: geometric mean over its sizes}
    mean: Interval  # geometric mean over workloads, t interval
    steady: bool  # the mean stays on its side of 1 whichever workload is left out
    bounds: tuple  # workloads where seeds never arrive: their values are bounds, towards 1


def workloads(rankings, ratio):
    """Across of `ratio(ranking)`: a number, and whether it is only a bound; None where it is not known. None
    below two workloads."""
    values, bounds = {}, []
    for workload, some in families(models(rankings)).items():
        found = [r for r in map(ratio, some) if r is not None]
        if found:
            values[workload] = _mean([value for value, _ in found])
            bounds += [workload] if any(bound for _, bound in found) else []
    if len(values) < 2:
        return None
    mean = geometric_interval(list(values.values()))
    rest = [_mean([v for w, v in values.items() if w != left_out]) for left_out in values]
    return Across(values, mean, all((one < 1) == (mean.value < 1) for one in rest), tuple(bounds))


def _mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def steps_ratio(ranking):
    """Steps of Adam ÷ steps of SGD-M to the target; None where it is not decided."""
    return ranking.steps_ratio(TOP.id, BOTTOM.id, GOAL) if _comparable(ranking) else None


def seconds_ratio(ranking):
    return ranking.seconds_ratio(TOP.id, BOTTOM.id, GOAL) if _comparable(ranking) else None


def step_time_ratio(ranking):
    return ranking.step_time_ratio(TOP.id, BOTTOM.id)


def steps_value(ranking):
    """(steps ratio, whether it is only a bound), for workloads(); None where it is not decided."""
    return _value(ranking, steps_ratio(ranking), 1.0)


def seconds_value(ranking):
    timed = step_time_ratio(ranking)
    return None if timed is None else _value(ranking, seconds_ratio(ranking), timed.value)


def _value(ranking, found, factor):
    if found is None:
        return None
    if 0 < found.low and math.isfinite(found.high):
        return found.value, False
    return ranking.bounded_steps_ratio(TOP.id, BOTTOM.id, GOAL) * factor, True


def _comparable(ranking):
    return GOAL in ranking.goals and ranking.has(TOP.id, BOTTOM.id)
