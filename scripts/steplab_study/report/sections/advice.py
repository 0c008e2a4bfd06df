"""What the study says about SGD and Adam: for a person who chooses an optimizer, most useful first.

Sentences are ratios with their intervals, or the text of a claim's verdict; what was not measured is left
out.
"""

from ...claims.verdict import DECIDED
from ...rankings import across_workloads
from ...rankings.across_workloads import BOTTOM, GOAL, TOP
from ...statistics.intervals import ratio_of_medians
from ...wording.labels import count_label, optimizer_label, workload_label
from ...wording.numbers import interval, listing, number, plural, span, verdict
from .blocks import Heading, Items, Section, Table, Text, claim_sentence
from .headline import state_bytes

_TITLE = "What the study says about SGD and Adam"
TOPICS = (  # (heading, claims that speak about it)
    ("How sensitive tuning is", ("C19", "C32", "C31")),
    ("Which learning rate", ("C18", "C34", "C33", "C20", "C30", "C36")),
    ("Narrow valleys and parameters of different scales", ("C07", "C28", "C27", "C35")),
    ("Weight decay: Adam or AdamW", ("C37", "C14", "C16", "C15", "C17")),
    ("Bias correction", ("C21", "C22")),
    ("Stopping, resuming and switching", ("C23", "C39", "C24", "C29")),
)


def build(evidence):
    section = Section("sgd-and-adam", _TITLE)
    for heading, blocks in (
        (f"Steps and seconds to the same loss: {TOP.label} against {BOTTOM.label}", _convergence(evidence)),
        ("What it costs in memory and time", _costs(evidence)),
        ("Schedules and clipping", _schedules(evidence)),
        *((heading, _claims(evidence, ids)) for heading, ids in TOPICS),
    ):
        blocks = [b for b in blocks if b.kind != "items" or b.items]
        if blocks:
            section.add(Heading(heading), *blocks)
    if not section.blocks:
        section.add(Text("Nothing of this was measured in this run."))
    return section


def _claims(evidence, ids):
    """The verdicts of these claims as sentences, those that were decided."""
    found = {c.id: claim_sentence(c, v) for c, v in evidence.ledger if v.word in DECIDED}
    return [Items(tuple(found[id] for id in ids if id in found))]


# ---- steps and seconds -------------------------------------------------------------------------------
def _convergence(evidence):
    rankings = evidence.rankings
    lines = list(across_lines(rankings)) + list(separated_lines(rankings))
    blocks = [Items(tuple(lines)), *_claims(evidence, ("C08", "C10"))]
    if any(GOAL in r.goals for r in rankings):
        blocks += [_ratio_table(rankings)]
    return blocks


def across_lines(rankings):
    """Across workloads: the geometric mean by each protocol, and whether its side rests on one workload."""
    for label, some in across_workloads.by_protocol(rankings).items():
        steps = across_workloads.workloads(some, across_workloads.steps_value)
        seconds = across_workloads.workloads(some, across_workloads.seconds_value)
        if steps is None:
            continue
        told = [_reading(steps, "steps")] + ([_reading(seconds, "seconds")] if seconds else [])
        kept = all(found.steady for found in (steps, seconds) if found)
        yield (
            f"**{_capital(label)}, across {len(steps.values)} workloads**: to the target {TOP.label} needs"
            f" {listing(told)}. Leaving any one workload out"
            f" {'keeps the side' if kept else 'changes the side'}; on these workloads."
        )


def _reading(found, what):
    """'0.81 [0.7, 0.9] × the steps of SGD-M (fewer steps; MLP 0.8, …)'"""
    # the floor of seconds is part of their interval
    word = verdict(found.mean, f"fewer {what}", f"more {what}", floor=0.0)
    values = ", ".join(
        f"{workload_label(w)} {number(v)}{' at the nearest' if w in found.bounds else ''}"
        for w, v in found.values.items()
    )
    return f"{interval(found.mean)} × the {what} of {BOTTOM.label} (**{word}**; {values})"


_WORDS = ("fewer", "more", "not separated", "not measured")


def separated_lines(rankings):
    """On how many models Adam needs fewer steps, and which those are where it does not."""
    for label, some in across_workloads.by_protocol(across_workloads.models(rankings)).items():
        names = {word: [] for word in _WORDS}
        for ranking in some:
            names[_word(ranking)].append(workload_label(ranking.name))
        if names["not measured"] != [workload_label(r.name) for r in some]:
            told = [f"**{w}** on {len(found)} ({', '.join(found)})" for w, found in names.items() if found]
            yield (
                f"{_capital(label)}, one model at a time, where both seeds and the luck of tuning are"
                f" counted: {TOP.label}'s steps against {BOTTOM.label}'s are {listing(told)}."
            )


def _word(ranking):
    """'fewer', 'more', 'not separated', or 'not measured' where seeds lack their steps."""
    if across_workloads.steps_ratio(ranking) is None:
        return "not measured"
    return ranking.separated(TOP.id, BOTTOM.id, GOAL)


def _capital(text):
    return text[:1].upper() + text[1:]


def _ratio_table(rankings):
    """A row per workload and size, a column of steps and one of seconds per protocol."""
    protocols = list(across_workloads.by_protocol(rankings))
    rows = {}
    for ranking in (r for some in across_workloads.families(rankings).values() for r in some):
        row = rows.setdefault((ranking.name, ranking.parameters), {})
        row[across_workloads.protocol_label(ranking)] = ranking
    headers = [f"{what}, {label}" for label in protocols for what in ("steps", "seconds")]
    table = []
    for (name, parameters), found in rows.items():
        cells = [cell for label in protocols for cell in _ratio_cells(found.get(label))]
        table.append((workload_label(name), count_label(parameters), *cells))
    return Table(
        ("workload", "parameters", *headers),
        tuple(table),
        f"{TOP.label} ÷ {BOTTOM.label} to the frozen target, paired by seed, with 95 % intervals;"
        " 'undecided' where too few seeds tell one from the other. A seed that never arrives counts as slower"
        " than every other.",
    )


def _ratio_cells(ranking):
    if ranking is None:
        return "–", "–"
    steps, seconds = across_workloads.steps_ratio(ranking), across_workloads.seconds_ratio(ranking)
    if steps is None:
        return "undecided", "undecided"
    return f"{interval(steps)} {_word(ranking)}", interval(seconds)


# ---- costs -------------------------------------------------------------------------------------------
def _costs(evidence):
    return [Items(tuple(cost_lines(evidence))), *_claims(evidence, ("C01", "C02", "C09", "C26"))]


def cost_lines(evidence):
    state = state_bytes(evidence)
    if state:
        told = [f"{optimizer_label(o)} {4 + b:.3g} B" for o, b in state.items()]
        yield f"Parameters and optimizer state together take, a float32 parameter: {listing(told)}."
    ratios = [across_workloads.step_time_ratio(r) for r in across_workloads.constant(evidence.rankings)]
    ratios = [ratio for ratio in ratios if ratio is not None]
    if ratios:
        yield (
            f"A whole training step with {TOP.label} takes {span([r.value for r in ratios])} × the time of"
            f" one with {BOTTOM.label} over {plural(len(ratios), 'model')}."
        )
    lone = list(_step_ratios(evidence.benchmarks))
    if lone:
        yield (
            f"The optimizer's step alone, one thread, takes {'; '.join(lone)}: the more of a training step is"
            " gradient, the less of this is seen."
        )


def _step_ratios(results):
    for level, cells_of in results.by_level().items():
        if not {TOP.step_cell, BOTTOM.step_cell} <= set(cells_of):
            continue
        n = cells_of[TOP.step_cell][0].n
        top, bottom = results.best(TOP.step_cell, n), results.best(BOTTOM.step_cell, n)
        if top and bottom:
            where = "memory" if level == "memory" else f"the {level} cache"
            yield f"{interval(ratio_of_medians(top.samples, bottom.samples))} × {BOTTOM.label}'s in {where}"


# ---- schedules and clipping --------------------------------------------------------------------------
def _schedules(evidence):
    lines = []
    pairs = _pairs(evidence.rankings, across_workloads.constant, across_workloads.cosine)
    if pairs:
        lines.append(_agreement(pairs, "a constant rate", "the cosine ladder"))
        lines += [line for o in (TOP, BOTTOM) for line in _better_end(pairs, o)]
    pairs = _pairs(evidence.rankings, across_workloads.constant, lambda some: [r for r in some if r.clipped])
    if pairs:
        lines.append(_agreement(pairs, "no clipping", "clipping"))
    return [Items(tuple(lines))]


def _pairs(rankings, first, second):
    """[(ranking, the same problem by the other protocol)]"""
    others = {r.name: r for r in second(rankings)}
    return [(r, others[r.name]) for r in first(rankings) if r.name in others]


def _agreement(pairs, first, second):
    """Whether two protocols say the same, on the problems that both decide."""
    words = {pair[0].name: tuple(map(_word, pair)) for pair in pairs}
    known = {name: pair for name, pair in words.items() if "not measured" not in pair}
    if not known:
        return f"No problem has its steps known both with {first} and with {second}."
    differing = [
        f"{workload_label(name)} ({a} with {first}, {b} with {second})"
        for name, (a, b) in known.items()
        if a != b
    ]
    text = (
        f"Whether {TOP.label} needs fewer steps than {BOTTOM.label} reads alike with {first} and with"
        f" {second} on {len(known) - len(differing)} of {plural(len(known), 'problem')} that both decide"
    )
    return f"{text}; it differs on {listing(differing)}." if differing else f"{text}."


def _better_end(pairs, optimizer):
    """How much lower a cosine run ends than a constant one of as many steps."""
    ratios = []
    for plain, decayed in pairs:
        both = plain.has(optimizer.id) and decayed.has(optimizer.id)
        if not both or plain.workload in across_workloads.TOYS:
            continue
        rungs = [r for r in decayed.arms[optimizer.id].rungs if r["horizon"] == plain.steps]
        finals = plain.arms[optimizer.id].finals()
        if rungs and finals and all(x is not None and x < 1e300 for x in (*finals, *rungs[0]["finals"])):
            ratios.append(_mean(rungs[0]["finals"]) / _mean(finals))
    if ratios:
        yield (
            f"{optimizer.label}, as many steps: the final validation loss with warm-up and cosine decay is"
            f" {span(ratios)} × that at a constant rate, over {plural(len(ratios), 'problem')}."
        )


def _mean(values):
    return sum(values) / len(values)
