"""Adam typically needs 30 to 50 % fewer steps than SGD (with momentum) on vision and language."""

import math

from ..protocol import ranking as protocol
from ..statistics.intervals import Interval, median
from ..wording.labels import workload_label
from ..wording.numbers import interval, listing
from .combined import combined
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
    said,
    verdict_of,
)

id = "C08"
sentence = "On vision and language, Adam typically needs 30 to 50 % fewer steps than SGD with momentum."
rule = (
    "Steps saved, 1 − steps of Adam ÷ steps of SGD-M, 99 % intervals over seeds. A workload's word is that "
    "of two thirds of its sizes, a protocol's that of two thirds of its workloads, a vision and a language "
    "one among them; both protocols must agree. Holds if the interval lies in [0.3, 0.5], roughly if within "
    "1.5 times that range, no if outside it, opposite if Adam needs more steps, in part where workloads or "
    "protocols disagree, open where intervals are too wide or a protocol was not run."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN)
needs = ("ranking",)
figure = "steps_to_target"

VISION, LANGUAGE = ("mlp", "cnn", "logistic"), ("transformer",)
KINDS = {"vision": VISION, "language": LANGUAGE}
LOW, HIGH, LEVEL = 0.3, 0.5, 0.99
PROTOCOLS = ("constant", "cosine")


def measure(evidence):
    """{protocol: {workload: {problem: Interval of the share of steps saved, or None}}}; None without any."""
    found = {}
    for ranking in evidence.rankings:
        if ranking.workload in VISION + LANGUAGE and not ranking.clipped:
            ratio = ranking.steps_ratio(protocol.COMPARED, protocol.REFERENCE, level=LEVEL)
            sizes = found.setdefault(ranking.schedule, {}).setdefault(ranking.workload, {})
            sizes[ranking.name] = ratio and _one_less(ratio)
    return found or None


def _one_less(ratio):
    return Interval(1 - ratio.value, 1 - ratio.high, 1 - ratio.low, ratio.count)


def decide(found):
    cells = [_protocol(name, found.get(name, {})) for name in PROTOCOLS]
    text = f"Steps of SGD-M that Adam saves, 99 % intervals: {'; '.join(map(_text, found, found.values()))}."
    return verdict_of(combined(id, cells, every=True), text, cells)


def headline(found):
    values = {workload: _saved(sizes) for workload, sizes in found.get("constant", {}).items()}
    values = {w: value for w, value in values.items() if math.isfinite(value) and value < 1}  # both arrive
    if not values:
        sentence = "Under a constant rate no network gives a number of steps that Adam saves."
        return said(decide(found), sentence)
    ends = dict.fromkeys((max(values, key=values.get), min(values, key=values.get)))
    first, *rest = [(_change(values[workload]), _place(workload)) for workload in ends]
    also = "".join(f", and {change} on {place}" for change, place in rest)
    return said(
        decide(found),
        f"Adam needs {first[0]} steps than SGD with momentum on {first[1]}{also}, at a constant rate.",
    )


def _protocol(name, workloads):
    """The word of one protocol: needs a vision and a language workload, and a fitting one of each to hold."""
    cells = [_workload(workload, sizes) for workload, sizes in workloads.items()]
    for kind, members in KINDS.items():
        some = [cell for cell in cells if cell.label in map(workload_label, members)]
        if all(cell.word == OPEN for cell in some):
            return Cell(_label(name), OPEN, f"{kind}: {some[0].why}" if some else f"{kind}: {NOT_RUN}")
        if all(cell.word in (NO, OPPOSITE, OPEN) for cell in some):
            whole = combined(_label(name), cells)
            fits = whole.word in (HOLDS, ROUGHLY)
            return Cell(whole.label, IN_PART, f"not on {kind}") if fits else whole
    return combined(_label(name), cells)


def _workload(workload, sizes):
    cells = [of_interval(problem, saved, _word(saved), CENSORED) for problem, saved in sizes.items()]
    return combined(workload_label(workload), cells)


def _word(saved):
    return in_range(saved, LOW, HIGH, neutral=0.0)


def _label(name):
    return {"constant": "constant rate", "cosine": "cosine ladder"}.get(name, name)


def _saved(sizes):
    known = [saved.value for saved in sizes.values() if saved is not None]
    return median(known) if known else math.nan


def _place(workload):
    return "logistic regression" if workload == "logistic" else f"the {workload_label(workload)}"


def _change(saved):
    return f"{100 * abs(saved):.0f} % {'fewer' if saved >= 0 else 'more'}"


def _text(name, workloads):
    told = [
        f"{workload_label(problem)} {interval(_percent(saved), 2)} %"
        for sizes in workloads.values()
        for problem, saved in sizes.items()
        if saved is not None
    ]
    return f"{_label(name)}: {listing(told)}"


def _percent(found):
    return Interval(100 * found.value, 100 * found.low, 100 * found.high, found.count)
