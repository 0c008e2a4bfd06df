"""The best learning rate depends on optimizer, architecture, data and batch size."""

import math

from ..statistics.intervals import Interval, t_interval
from ..wording.numbers import interval, number
from .verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED, Verdict

id = "C34"
sentence = "The best learning rate depends on the optimizer, the architecture, the data and the batch size."
rule = (
    "Spread (largest ÷ smallest) of the best learning rate over optimizers of one problem, over"
    " architectures on the same data, over data, and over batch sizes. Each supported if its 99 % interval"
    " lies above 2; the claim is supported if all four are, imprecise if some are, contradicted if none and"
    " all below 2. A best rate is the mean over seeds of each seed's own."
)
needs = ("lr_sensitivity", "batch_size")
figure = None
THRESHOLD = 2.0
FEWEST = 3  # seeds whose best rate lies within the grid
_DATA = {"mlp": "images", "cnn": "images", "logistic": "images", "transformer": "text", "softmax": "classes"}


def measure(evidence):
    """{"spreads": {over what: Interval of the ratio}}; a best rate's uncertainty is that over seeds."""
    rates = {}  # (problem, workload, optimizer): [log rate of each seed]
    for outcome in evidence.outcomes("lr_sensitivity").values():
        workload = outcome["problem"].split("/")[0]
        for optimizer, arm in outcome["arms"].items():
            known = [math.log(rate) for rate in arm["best"] if rate is not None]
            if len(known) >= FEWEST:
                rates[outcome["problem"], workload, optimizer] = known
    spreads = {
        "optimizers": _largest(_groups(rates, lambda p, w, o: p)),
        "architectures": _largest(_groups(rates, lambda p, w, o: (o, _DATA[w]), across=lambda p, w, o: w)),
        "data": _largest(_groups(rates, lambda p, w, o: o, across=lambda p, w, o: _DATA[w])),
        "batch sizes": _of_batches(evidence.outcomes("batch_size")),
    }
    spreads = {name: found for name, found in spreads.items() if found is not None}
    return {"spreads": spreads} if spreads else None


def _groups(rates, key, across=None):
    """Groups of rates that differ in one thing only; `across`: keep groups in which that differs."""
    groups = {}
    for name, logs in rates.items():
        groups.setdefault(key(*name), []).append((across(*name) if across else name, logs))
    return [[logs for _, logs in members] for members in groups.values() if len({a for a, _ in members}) > 1]


def _largest(groups):
    """The widest spread of a group: an Interval of the ratio of its highest to its lowest rate."""
    found = []
    for group in groups:
        means = sorted(group, key=lambda logs: sum(logs) / len(logs))
        low, high = t_interval(means[0], 0.99), t_interval(means[-1], 0.99)
        middle = high.value - low.value
        half = math.hypot(high.high - high.value, low.high - low.value)
        found.append(
            Interval(math.exp(middle), math.exp(middle - half), math.exp(min(middle + half, 300)), len(group))
        )
    return max(found, key=lambda i: i.low, default=None)


def _of_batches(outcomes):
    spreads = [o["spread"] for o in outcomes.values() if isinstance(o.get("spread"), Interval)]
    return max(spreads, key=lambda i: i.low, default=None)


def decide(found):
    words = {}
    for name, spread in found["spreads"].items():
        words[name] = (
            SUPPORTED
            if spread.low > THRESHOLD
            else CONTRADICTED if spread.high < THRESHOLD else NOT_SUPPORTED
        )
    told = "; ".join(f"{name} {interval(spread)}" for name, spread in found["spreads"].items())
    text = f"Largest ÷ smallest best rate over {told} (above {number(THRESHOLD, 1)} is claimed)."
    statements = tuple(words.items())
    values = set(words.values())
    if len(words) < 2:
        return Verdict(NOT_MEASURED, text, statements)
    if values == {SUPPORTED} and len(words) == 4:
        return Verdict(SUPPORTED, text, statements)
    if SUPPORTED in values:
        return Verdict(IMPRECISE, text, statements)
    return Verdict(CONTRADICTED if values == {CONTRADICTED} else NOT_SUPPORTED, text, statements)
