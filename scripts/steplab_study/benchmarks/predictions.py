"""What each step should take, written down before it is measured.

A short pass measures ceilings, limits and steps of 100 parameters. From these alone

    predicted = max(bare stream of the same shape, size, schedule and threads,
                    divisions and square roots at their measured throughput / threads that run)
                + fixed cost of a step / parameters

in ns per parameter. The fixed cost is what the step of 100 parameters takes beyond its own limit; that step
itself is not predicted. A form before fusing moves more bytes than the stream of its size: its bandwidth
time is that stream's, times its bytes over the stream's bytes. Its bytes are counted by its operations and
include those that a cache fetches only to overwrite. Predictions are frozen in the store under the key of the
rounds, with the number of rounds that were there already: others than those with none are not shown.
"""

import re
import statistics
import time

from ..progress import say
from ..statistics.intervals import median_interval
from ..store.store import key_of
from . import rounds
from .cell import BASELINE, CEILING, LIMIT, STEP

EMPTY = 100  # parameters of a step with next to nothing to do
BANDWIDTH, DIVISION = "bandwidth", "division and square root"
_HOW = re.compile(r"(/(process_time|real_time|manual_time|iterations:\d+))+$")  # of names, not of ids


def run_step(store, programs, profile, machine):
    """The predictions, unless they are there, then the rounds of bench_step."""
    settings = rounds.settings_of("bench_step", programs["bench_step"], profile, machine)
    key = key_of(settings)
    if store.frozen(_name(key)) is None and not store.has_batch(key, 0):
        cells = rounds.list_cells(programs["bench_step"], profile, settings["filter"])
        ids = [_HOW.sub("", i) for i in cells]
        chosen = needed(ids, machine.get("kernel_selected"))
        if chosen:
            raws = _passes(programs["bench_step"], settings, profile, chosen)
            freeze(store, key, ids, measured_by(raws), serial_below_of(raws[0]["context"]))
    rounds.run_step(store, programs, profile, machine)


def _passes(path, settings, profile, chosen):
    """Raw results: one pass in the quick profile, three in the others."""
    only = {**settings, "filter": f"^({'|'.join(chosen)})(/[a-z]|$)"}
    count = 1 if profile.bench == "quick" else 3
    return [rounds.measure(path, only, profile, f"limits {i + 1}/{count}")[0] for i in range(count)]


def needed(ids, kernel):
    """What the pass measures: ceilings, limits, and the steps of 100 parameters by the chosen kernel and
    by the forms before fusing; nothing without a ceiling."""
    found = [i for i in ids if CEILING.fullmatch(i) or LIMIT.fullmatch(i)]
    if not any(CEILING.fullmatch(i) for i in found):
        return []
    return found + [
        i for i in ids if _is_empty(BASELINE, i) or (_is_empty(STEP, i) and f"/{kernel}/serial/" in i)
    ]


def _is_empty(pattern, name):
    match = pattern.fullmatch(name)
    words = match.groupdict() if match else {"n": 0}
    return (int(words["n"]), words.get("tensors", "1"), words.get("rest", "")) == (EMPTY, "1", "")


def measured_by(raws):
    """{id: sample} with the median ns per parameter over passes."""
    found = {}
    for raw in raws:
        for name, sample in rounds.samples_of(raw):
            if sample.get("ns_per_parameter"):
                found.setdefault(name, []).append(sample)
    return {
        name: {**samples[0], "ns_per_parameter": statistics.median(s["ns_per_parameter"] for s in samples)}
        for name, samples in found.items()
    }


def serial_below_of(context):
    """{optimizer: parameters below which a step runs on one thread}, as a result file tells."""
    words = (entry.split() for entry in context["serial_below"].split(", "))
    return {optimizer: int(parameters) for optimizer, parameters in words}


def freeze(store, key, ids, measured, serial_below):
    """Predict `ids` and keep that for the rounds of that key, for good; returns what is kept."""
    before = sum(b["key"] == key for b in store.batches())
    predicted = Model(measured, serial_below).predict(ids)
    say(f"{len(predicted)} cells predicted, {before} rounds measured before")
    found = {
        "written": time.time(),
        "rounds_before": before,
        "measured": {name: sample["ns_per_parameter"] for name, sample in measured.items()},
        "predicted": predicted,
    }
    return store.freeze(_name(key), found)


def read(store, key):
    """{id: {"ns": …, "limit": …}} that was written before the first round of that key; {} without."""
    found = store.frozen(_name(key)) if key else None
    return found["predicted"] if found and found["rounds_before"] == 0 else {}


def drift(store, results):
    """Times of the ceilings in the rounds over those in the pass, as the median with its interval; None
    without predictions."""
    found = store.frozen(_name(results.batch)) if results.batch else None
    then = found["measured"] if found else {}
    ratios = [c.time.value / then[name] for name, c in results.ceilings.items() if name in then]
    return median_interval(ratios) if ratios else None


def _name(key):
    return f"predicted times of {key}"


class Model:
    """Times from the samples of the pass."""

    def __init__(self, measured, serial_below):
        self._serial_below = serial_below
        self._ceilings, self._limits, self._empty, self._forms = {}, {}, {}, {}
        for name, sample in measured.items():
            self._sort(name, sample)

    def _sort(self, name, sample):
        if match := CEILING.fullmatch(name):
            self._ceilings[int(match["k"]), match["schedule"], int(match["n"]), int(match["threads"])] = (
                sample
            )
        elif match := LIMIT.fullmatch(name):
            self._limits[match["optimizer"]] = sample["ns_per_parameter"]
        elif match := STEP.fullmatch(name):
            self._empty[match["optimizer"]] = sample
        elif match := BASELINE.fullmatch(name):
            self._forms[match["optimizer"], match["kernel"]] = sample

    def predict(self, ids):
        """{id: {"ns", "limit"}} of the steps and baselines among `ids` whose ceiling was measured."""
        found = {}
        for name in ids:
            step, baseline = STEP.fullmatch(name), BASELINE.fullmatch(name)
            if (step and step["rest"] in ("", "/again")) or baseline:
                match = step or baseline
                one = None if _is_empty(match.re, name) else self._one(match, baseline is not None)
                if one is not None:
                    found[name] = {"ns": one[0], "limit": one[1]}
        return found

    def _one(self, match, is_baseline):
        form = match["kernel"] if is_baseline else ""
        schedule = match.groupdict().get("schedule", "serial")
        n, threads = int(match["n"]), int(match["threads"])
        bound = self._bound(match["optimizer"], form, schedule, n, threads)
        if bound is None:
            return None
        return bound[0] + self._fixed(match["optimizer"], form) / n, bound[1]

    def _bound(self, optimizer, form, schedule, n, threads):
        """(ns, name) of the tighter limit; None without the optimizer's shape or its ceiling."""
        empty = self._empty.get(optimizer)
        if empty is None or (form and (optimizer, form) not in self._forms):
            return None
        streams = round((empty["bytes_per_parameter"] / 4 - 1) / 2)
        ceiling = self._ceilings.get((streams, schedule, n, threads))
        if ceiling is None:
            return None
        more = traffic(self._forms[optimizer, form]) / empty["bytes_per_parameter"] if form else 1.0
        bandwidth = ceiling["ns_per_parameter"] * more
        division = self._limits.get(optimizer, 0.0) / (1 if n < self._serial_below[optimizer] else threads)
        return (bandwidth, BANDWIDTH) if bandwidth >= division else (division, DIVISION)

    def _fixed(self, optimizer, form):
        """Ns a step beyond the limit of its 100 parameters."""
        sample = self._forms[optimizer, form] if form else self._empty[optimizer]
        bound = self._bound(optimizer, form, "serial", EMPTY, 1)
        return max(0.0, EMPTY * (sample["ns_per_parameter"] - bound[0])) if bound else 0.0


def traffic(sample):
    """Bytes a parameter, with those that are fetched to be overwritten."""
    return sample["bytes_per_parameter"] + sample.get("fetched_bytes_per_parameter", 0.0)
