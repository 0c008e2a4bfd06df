"""Against what one would use instead: each peer's time relative to steplab's, what that is held to,
memory, whether results agree, and what could not be measured."""

from ...figures.against import SHOWN
from ...peers.labels import list_label, rule_label, threads_label
from ...peers.ratios import DROPIN, FASTER, PLAN, SLOWER, UNDECIDED, is_own
from ...peers.targets import NOT_MEASURED, judged, targets
from ...wording.labels import seconds_label
from ...wording.numbers import listing, number, plural, span
from . import against_tables as tables
from .blocks import Figure, Heading, Items, Section, Text
from .limits import ROUNDS_WANTED

_TITLE = "Against what you would use instead"
_SLOW_START = 1.0  # seconds beyond the drop-in's preparation that are worth telling


def build(evidence):
    section, comparison = Section("against", _TITLE), evidence.peer_ratios
    if comparison is None:
        return section.add(
            Text("This part was not run. `./scripts/study peers --out DIR` adds it, DIR being this folder.")
        )
    section.add(Text(_method(comparison)), Text(summary(comparison)), Figure("against"))
    section.add(Figure("against_python"), Items(tuple(_by_peer(comparison))))
    section.add(Heading("Figures to reach"), Text(_rule_of_targets()))
    section.add(Items(tuple(_targets(comparison, evidence))))
    section.add(Heading("Every ratio"), *tables.ratios(comparison, PLAN), *tables.ratios(comparison, DROPIN))
    section.add(Heading("Memory, results and preparation"))
    section.add(tables.memory(comparison), Text(_agreement(comparison)), tables.checks(comparison))
    section.add(Text(_preparation(comparison)))
    problems = tables.problems(comparison)
    told = "Every peer was installed, and every cell that one offers was measured."
    return section.add(problems if problems.rows else Text(told))


def _method(comparison):
    results = comparison.measured
    machine = results["machine"].get("cpu", "a processor without a name")
    counts = sorted({len(c["seconds"]) for c in comparison.cells.values() if c["seconds"]})
    rounds = " to ".join(str(count) for count in dict.fromkeys((*counts[:1], *counts[-1:]))) or "no"
    return (
        f"On {machine}, {results['date']}, profile `{results['profile']}`: every peer makes the same step on"
        f" the same data in a process of its own, in {rounds} rounds in which their order is shuffled. A"
        " ratio is the peer's time ÷ steplab's of the same round, a median with its 95 % interval: **above 1"
        " steplab is faster**. Intervals that the figures do not show are narrower than a marker. Tensors lie"
        " in memory as their library asks for it; rows with huge pages make PyTorch ask for those, as steplab"
        " and NumPy do by themselves. Steps of over a second are sampled in two rounds."
        + (f" They are rough below {ROUNDS_WANTED} rounds." if counts and counts[0] < ROUNDS_WANTED else "")
        + _floor_text(comparison.floor)
    )


def _floor_text(floor):
    if not floor:
        return " A difference is claimed where the interval lies on one side of 1."
    return (
        " A difference is claimed where the interval lies on one side of 1 and the median is further from it"
        f" than the {number(100 * floor, 2)} % that this folder's study can tell."
    )


def summary(comparison):
    """How many cells say what, over the peers proper."""
    told = []
    for base, words in (
        (PLAN, "steplab's C++ plan"),
        (DROPIN, "its drop-in, against those called from Python,"),
    ):
        ratios = judged(comparison, base)
        counts = [f"{word} in {sum(r.word == word for r in ratios)}" for word in (FASTER, UNDECIDED, SLOWER)]
        if ratios:
            told.append(f"{words} is {listing(counts)} of {plural(len(ratios), 'comparison')}")
    if not told:
        return "No cell of AdamW or SGD-M has both steplab and a peer."
    return f"**With {listing(rule_label(rule) for rule in SHOWN)}, {'; '.join(told)}.**"


def _by_peer(comparison):
    """A sentence a peer: how far apart, and in which cell it comes closest."""
    for peer in comparison.peers:
        ratios = [r for r in judged(comparison) if r.peer == peer]
        if ratios:
            least = min(ratios, key=lambda r: r.found.value)
            yield (
                f"{comparison.title(peer)} takes {span([r.found.value for r in ratios])} × the plan's time;"
                f" closest with {rule_label(least.rule)}, {list_label(comparison, least.list)},"
                f" {threads_label(least.threads)}."
            )


def _rule_of_targets():
    return (
        f"For {listing(rule_label(rule) for rule in SHOWN)}, fixed before anything was timed; reached where"
        " the median of every cell is. Being behind is claimed as any difference is."
    )


def _targets(comparison, evidence):
    caches = comparison.measured["machine"].get("caches") or evidence.benchmarks.caches
    last = max((cache["bytes"] for cache in caches), default=None)
    for target in targets(comparison, last):
        told = f": {target.text}" if target.word != NOT_MEASURED else f" ({target.text})"
        yield f"{target.sentence}. **{target.word.capitalize()}**{told}."


def _agreement(comparison):
    """Which results agree, which differ by design, and which do neither."""
    found = {"agree": [], "differ": [], "neither": []}
    for peer in comparison.peers:
        entries = [c for c in comparison.measured["checks"] if c["peer"] == peer and c["offered"]]
        if entries:
            why = next((c["why"] for c in entries if c["why"]), "")
            kind = "neither" if not all(c["agrees"] for c in entries) else "differ" if why else "agree"
            found[kind].append(f"{comparison.title(peer)} ({why})" if why else comparison.title(peer))
    sentences = (
        ("agree", "Results that agree with the scalar kernel's within float32 error"),
        ("differ", "Not the same, and meant so"),
        ("neither", "**Not in agreement, and not timed in the rules where that is so**"),
    )
    return " ".join(f"{words}: {'; '.join(found[kind])}." for kind, words in sentences if found[kind])


def _preparation(comparison):
    """Peers whose first steps, compilation among them, take seconds longer than the drop-in's."""
    extras = [(key, extra) for key, extra in _preparations(comparison) if not is_own(key[3])]
    if not extras:
        return "How long a first step takes was not measured beside that of steplab's drop-in."
    slowest = {}
    for key, extra in extras:
        if extra > max(_SLOW_START, slowest.get(key[3], (key, 0))[1]):
            slowest[key[3]] = (key, extra)
    if not slowest:
        return (
            f"No peer's first two steps, compilation among them, took over {seconds_label(_SLOW_START)}"
            " longer than those of steplab's drop-in."
        )
    told = (
        f"{comparison.title(peer)} {seconds_label(extra)} ({rule_label(rule)},"
        f" {list_label(comparison, name)}, {threads_label(threads)})"
        for (rule, name, threads, peer), extra in slowest.values()
    )
    return (
        "The first two steps, compilation among them, are not in the times. The most that they took beyond"
        f" those of steplab's drop-in: {'; '.join(told)}."
    )


def _preparations(comparison):
    """(Key of a cell, seconds beyond the drop-in's there)"""
    for key, cell in comparison.cells.items():
        base = comparison.cells.get((*key[:3], DROPIN))
        if base and None not in (cell["prepare_seconds"], base["prepare_seconds"]):
            yield key, cell["prepare_seconds"] - base["prepare_seconds"]
