"""What this run cannot say."""

from collections import Counter

from ...benchmarks import aa_floor
from ...claims.verdict import OPEN
from ...protocol import ranking as protocol
from ...rankings import across_workloads
from ...wording.labels import workload_label
from ...wording.numbers import grouped, listing, number, plural
from .blocks import Items, Section

ROUNDS_WANTED = 9


def build(evidence):
    return Section("limits", "Limits of this run").add(Items(tuple(_limits(evidence))))


def _limits(evidence):
    results, machine = evidence.benchmarks, evidence.benchmarks.machine
    virtual = ", virtual" if machine.get("virtual") else ""
    counters = "were not read" if machine.get("hardware_counters") else "are not available here"
    yield (
        f"One machine{virtual}: times hold for it, ratios travel better, neither is a law. Hardware counters"
        f" {counters}."
    )
    if results.health:
        yield from _rounds(results)
    if machine.get("machine") == "x86_64" and not any("avx512" in isa for isa in machine.get("isas", [])):
        yield "No AVX-512 on this machine: its kernel is compiled, not timed."
    if evidence.rankings:
        yield from _convergence(evidence.rankings)
    yield (
        "Verdicts follow rules in code. Where the protocol left the reading of a claim open (C18, C19, C20,"
        " C27, C30, C32, C36), it was chosen after first trials of the quick profile. The rules of C08, C09,"
        " C10, C12, C14, C19, C20 and C26 were corrected after an earlier run had shown their faults."
    )
    open_claims = [claim.id for claim, verdict in evidence.ledger if verdict.word == OPEN]
    if open_claims:
        yield f"Open in this run: {listing(open_claims)}."


def _rounds(results):
    steal = sum(h.get("steal_seconds", 0) for h in results.health)
    switches = sum(h.get("involuntary_switches", 0) for h in results.health)
    yield (
        f"Steal time over all benchmark rounds: {number(steal, 2)} s; involuntary context switches:"
        f" {int(switches)}."
    )
    yield _pollution(results)
    if results.rounds < ROUNDS_WANTED:
        yield f"{plural(results.rounds, 'round')}: intervals of medians are rough below {ROUNDS_WANTED}."
    floor = results.smallest_difference()
    if floor is not None:
        yield _noise(results, floor)
    if results.drift() is not None:
        yield _drift(results.drift(), floor)


def _pollution(results):
    """How many samples were left out, why, and in which rounds."""
    causes, rounds = Counter(what for _, what in results.polluted), Counter(r for r, _ in results.polluted)
    text = f"Of {grouped(results.taken)} samples {grouped(len(results.polluted))} were dropped as disturbed"
    if causes:
        told = listing(f"{what} {grouped(count)}" for what, count in causes.most_common())
        counts = [rounds.get(r, 0) for r in range(results.rounds)]
        text += f" ({told}; {min(counts)} to {max(counts)} a round)"
    return (
        f"{text}; {grouped(results.suspected)} more were kept, in cells where fewer than half would be left."
    )


def _noise(results, floor):
    """The smallest detectable difference and how often the rule is wrong about nothing."""
    found = results.false_positives()
    text = f"Differences below {number(100 * floor, 2)} % are not claimed."
    if found is None:
        return text
    compared, pairs = plural(found.compared, "comparison"), plural(found.pairs, "A/A pair")
    text += (
        f" Of {compared} of a cell with itself ({pairs}, the others halves of rounds) the rule called"
        f" {grouped(found.claimed)} different: {number(100 * found.rate, 2)} % false positives"
    )
    limit = f"{100 * aa_floor.MOST_FALSE:.0f} %"
    if found.acceptable:
        return f"{text}, within the {limit} aimed at."
    return f"**{text}, above the {limit} aimed at.**"


def _drift(found, floor):
    within, over = (f"{100 * change:+.2g} %" for change in (found.within, found.over))
    text = (
        "Bare streams before the first and after the last cell of each round: the time of the one that"
        f" changed most (`{found.stream}`) changed by {within} within the median round, and by {over} from"
        " the first third of the rounds to the last"
    )
    if floor is not None and found.size > floor:
        return (
            f"**This run drifted.** {text}: more than the {number(100 * floor, 2)} % that it can tell apart."
        )
    return f"{text}."


def _convergence(rankings):
    seeds = [len(arm.finals()) for r in rankings for arm in r.arms.values()]
    yield (
        f"Between {min(seeds)} and {plural(max(seeds), 'test seed')} a problem: enough to show large"
        " differences, not small ones. SGD has one searched dimension, the others two."
    )
    yield (
        "Training is short and models are small; nothing here speaks about the end of a long run, or about"
        " models of billions of parameters."
    )
    names = dict.fromkeys(f"{workload_label(r.name)} (batch {r.batch}, {r.steps} steps)" for r in rankings)
    yield f"Problems of this run: {listing(names)}. Other workloads may rank the optimizers otherwise."
    yield (
        f"At a constant rate steps are read on a grid of 1/{protocol.TRIAL_EVALUATIONS['constant']} of a run;"
        " that width is part of every interval of steps and seconds."
    )
    if not any(len(arm.rungs) > 1 for r in across_workloads.cosine(rankings) for arm in r.arms.values()):
        yield (
            "The ladder has a single rung in this profile: steps under a cosine cannot be read from it, so"
            " that no comparison rests on both protocols."
        )
    if any(r.workload == "quadratic" for r in rankings):
        yield (
            "The quadratic's minimum lies at 0, towards which decay pulls by itself: AdamW keeps its default"
            " decay there, so that it is not tuned to that."
        )
    if any(r.workload == "softmax" for r in rankings):
        yield (
            "The softmax problems are synthetic, and their inputs and class separation were chosen so that"
            " heavy tails can matter: they show that the effect occurs, not how often."
        )
    for ranking in rankings:
        if ranking.target and ranking.target["diverged"]:
            labels = listing(protocol.OPTIMIZERS[o].label for o in ranking.target["diverged"])
            where = f"{workload_label(ranking.name)}, {across_workloads.protocol_label(ranking)}"
            yield f"{where}: target runs of {labels} diverged and did not set the target."
