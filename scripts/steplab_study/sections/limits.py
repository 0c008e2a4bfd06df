"""What this run cannot say."""

from .. import protocol
from ..wording import listing, number, plural
from .parts import Items, Section


def build(results):
    return Section("limits", "Limits of this run").add(Items(tuple(_limits(results))))


def _limits(results):
    machine = results.machine
    yield (
        f"One machine{', virtual' if machine.get('virtual') else ''}: times hold for it, ratios travel"
        " better, neither is a law. "
        + (
            "Hardware counters were not available."
            if not machine.get("hardware_counters")
            else "Hardware counters were not read."
        )
    )
    if results.health:
        steal = sum(h.get("steal_seconds", 0) for h in results.health)
        switches = sum(h.get("involuntary_switches", 0) for h in results.health)
        yield (
            f"Steal time over all benchmark rounds: {number(steal, 2)} s; involuntary context switches: "
            f"{int(switches)}. No sample was dropped."
        )
        if results.rounds < 9:
            yield (
                f"{plural(results.rounds, 'round')}: intervals of medians are rough below 9 rounds (the"
                " `standard` profile has 9)."
            )
    if "avx512" not in "".join(machine.get("isas", [])) and machine.get("machine") == "x86_64":
        yield "No AVX-512 on this machine: those kernels are compiled, not timed."
    if results.problems:
        yield from _convergence_limits(results)


def _convergence_limits(results):
    settings = results.convergence_settings
    yield (
        f"{plural(settings['test_seeds'], 'test seed')} and {settings['points']} tuning points an optimizer:"
        " enough to show large differences, not small ones. SGD has one searched dimension, the others two."
    )
    yield (
        "Constant learning rate only: schedules change both the ranking and the ratios. Training is short;"
        " nothing here speaks about the end of a long run."
    )
    names = listing(sorted({p.workload for p in results.problems}))
    yield f"Workloads of this run: {names}. Other workloads may rank the optimizers otherwise."
    if any(p.workload == "quadratic" for p in results.problems):
        yield (
            "The quadratic is free of noise: seeds change signs of its start alone, so that intervals over"
            " seeds are narrow or empty there and say nothing about other problems."
        )
    yield (
        f"Steps are read on a grid of 1/{protocol.EVALUATIONS} of a run; a difference within one grid step is"
        " called not separated."
    )
    for problem in results.problems:
        if problem.target and problem.target["diverged"]:
            labels = listing(protocol.OPTIMIZERS[o].label for o in problem.target["diverged"])
            yield f"{problem.name}: target runs of {labels} diverged and did not set the target."
