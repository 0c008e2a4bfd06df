"""What this run cannot say."""

from .. import protocol
from ..wording import grouped, listing, number, plural
from .parts import Items, Section

ROUNDS_WANTED = 9


def build(results):
    return Section("limits", "Limits of this run").add(Items(tuple(_limits(results))))


def _limits(results):
    machine = results.machine
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
    if results.problems:
        yield from _convergence(results)


def _rounds(results):
    steal = sum(h.get("steal_seconds", 0) for h in results.health)
    switches = sum(h.get("involuntary_switches", 0) for h in results.health)
    yield (
        f"Steal time over all benchmark rounds: {number(steal, 2)} s; involuntary context switches:"
        f" {int(switches)}. Of {grouped(results.taken)} samples {grouped(results.dropped)} were dropped, as"
        " something else had the processor meanwhile; a cell keeps all of its samples where fewer than half"
        " would be left."
    )
    if results.rounds < ROUNDS_WANTED:
        yield f"{plural(results.rounds, 'round')}: intervals of medians are rough below {ROUNDS_WANTED}."


def _convergence(results):
    settings = results.convergence_settings
    seeds = plural(settings["test_seeds"], "test seed")
    yield (
        f"{seeds} and {settings['points']} tuning points an optimizer: enough to show large differences, not"
        " small ones. SGD has one searched dimension, the others two."
    )
    yield (
        "Constant learning rate only: schedules change both the ranking and the ratios. Training is short;"
        " nothing here speaks about the end of a long run."
    )
    problems = [
        f"{p.name} ({', '.join(p.options) or 'no options'}, batch {p.batch})" for p in results.problems
    ]
    yield f"Problems of this run: {listing(problems)}. Other workloads may rank the optimizers otherwise."
    yield (
        f"Steps are read on a grid of 1/{protocol.EVALUATIONS} of a run; that width is part of"
        " every interval of steps and seconds."
    )
    if any(p.workload == "quadratic" for p in results.problems):
        yield (
            "The quadratic's minimum lies at 0, towards which decay pulls by itself: AdamW keeps its default"
            " decay there, so that it is not tuned to that."
        )
    for problem in results.problems:
        if problem.target and problem.target["diverged"]:
            labels = listing(protocol.OPTIMIZERS[o].label for o in problem.target["diverged"])
            yield f"{problem.name}: target runs of {labels} diverged and did not set the target."
