"""The best learning rate depends on optimizer, architecture, data and batch size."""

import math

from ..statistics.intervals import Interval, t_interval
from ..wording.numbers import interval, number
from .combined import combined
from .verdict import HOLDS, IN_PART, NO, OPEN, OPPOSITE, ROUGHLY, at_least, of_interval, said, verdict_of

id = "C34"
sentence = "The best learning rate depends on the optimizer, the architecture, the data and the batch size."
rule = (
    "Spread (largest ÷ smallest) of the best learning rate over optimizers of one problem, over "
    "architectures on the same data, over data, and over batch sizes; a best rate is the mean over seeds of "
    "each seed's own. Each of the four holds if its 99 % interval lies above 2, roughly above 1.67, is no "
    "below that, open if too wide or not run. The claim holds if all four do, in part if some do, no if none "
    "does."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPEN)
needs = ("lr_sensitivity", "batch_size")
figure = None
THRESHOLD = 2.0
OVER = ("optimizers", "architectures", "data", "batch sizes")
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
    spreads = found["spreads"]
    cells = [_cell(name, spreads.get(name)) for name in OVER]
    told = "; ".join(f"{name} {interval(spread)}" for name, spread in spreads.items())
    text = f"Largest ÷ smallest best rate over {told} (above {number(THRESHOLD, 1)} is claimed)."
    return verdict_of(combined(id, cells, every=True), text, cells)


def headline(found):
    spreads = found["spreads"]
    least, most = (pick(spreads, key=lambda name: spreads[name].value) for pick in (min, max))
    told = f"{number(spreads[most].value, 2)} times over {most}"
    rest = f" and {number(spreads[least].value, 2)} times over {least}" if least != most else ""
    return said(
        decide(found),
        f"Best learning rates differ {told}{rest}; at least {THRESHOLD:g} times is claimed.",
    )


def _cell(name, spread):
    """A spread has no other sign: it is the largest ÷ the smallest."""
    word = at_least(spread, THRESHOLD, neutral=1.0)
    return of_interval(name, spread, NO if word == OPPOSITE else word)
