"""Machine and method, in a few lines."""

from ...rankings import across_workloads
from ...wording.labels import count_label, workload_label
from ...wording.numbers import bytes_text, grouped, listing, number, plural, span
from .blocks import Items, Section


def build(evidence):
    results = evidence.benchmarks
    lines = [_machine(results.machine)]
    if results.context:
        lines.append(_build(results))
    if results.step_cells:
        lines.append(
            f"**Step time**: {grouped(len(results.steps))} cells in {plural(results.rounds, 'round')}, every"
            " cell once a round in shuffled order, each checked bit for bit against the scalar kernel before"
            " it is timed; medians over rounds with 95 % intervals of order statistics. Ceilings (bare"
            " streams of the same shape) come from the same run. Bytes: each stream once per access, reads"
            " and writes counted apart, no write-allocate."
        )
    if results.memory:
        lines.append(
            "**Memory**: the rule's model, the library's own accounting and the growth of resident memory, "
            "side by side."
        )
    if evidence.rankings:
        lines += [_compared(evidence.rankings), _protocol(evidence), _statistics(evidence.rankings)]
    return Section("machine", "Machine and method").add(Items(tuple(lines)))


def _machine(machine):
    caches = ", ".join(f"L{c['level']} {bytes_text(c['bytes'])}" for c in machine.get("caches", []))
    words = [machine.get("cpu", "unknown CPU"), f"{machine.get('threads_allowed', '?')} threads allowed"]
    if caches:
        words.append(caches)
    if machine.get("memory_bytes"):
        words.append(f"{bytes_text(machine['memory_bytes'])} of memory")
    words += [
        machine.get("system", ""),
        f"huge pages: {machine.get('huge_pages', 'unknown')}",
        machine.get("compiler", ""),
        f"kernel picked: {machine.get('kernel_selected', 'unknown')}",
    ]
    if machine.get("virtual"):
        words.append("a virtual machine")
    return "**Machine**: " + ", ".join(w for w in words if w) + "."


_VERSIONS = {
    "onetbb_version": "oneTBB",
    "xsimd_version": "xsimd",
    "google_benchmark_version": "Google Benchmark",
    "libc_version": "libc",
}


def _build(results):
    """What the benchmarks were built from and with, and what the system granted them."""
    context = results.context
    versions = [f"{name} {context[key]}" for key, name in _VERSIONS.items() if context.get(key)]
    versions += [f"{name} {v}" for name, v in results.machine.get("study_versions", {}).items()]
    words = [f"commit {context['steplab_commit'][:12]}"] if context.get("steplab_commit") else []
    words += [listing(versions)] if versions else []
    if context.get("subnormals"):
        words.append(f"subnormals {context['subnormals']}")
    if results.page_bytes:
        shares = [100 * huge / anonymous for anonymous, huge in results.page_bytes]
        words.append(f"{span(shares, 2)} % of memory in huge pages while large cells ran")
    flags = [
        f"{key.removeprefix('flags of ')}: `{v}`" for key, v in context.items() if key.startswith("flags of ")
    ]
    return f"**Build**: {'; '.join(words + flags)}."


def _compared(rankings):
    labels = listing(arm.label for arm in rankings[0].arms.values())
    families = across_workloads.families(rankings)
    told = []
    for workload, some in families.items():
        sizes = sorted({r.parameters for r in some})
        told.append(f"{workload_label(workload)} ({' / '.join(count_label(n) for n in sizes)} parameters)")
    return (
        f"**Convergence**: {labels} on {plural(len(told), 'workload')}: {listing(told)}. Trials are"
        " deterministic from their seed, the same bits for every kernel and thread count."
    )


def _protocol(evidence):
    budgets = [p.budget for p in evidence.context.profile.problems]
    return (
        "**Protocol**, fixed in code before the run: each optimizer tuned with"
        f" {_range(b.points for b in budgets)} points of a scrambled Sobol sequence of the problem's own"
        " (half over the whole space, half near the best so far), each with as many again where the best of"
        f" any lies at an edge; the best {_range(b.finalists for b in budgets)} rerun on"
        f" {_range(b.finalist_seeds for b in budgets)} fresh seeds and ranked by their worst; a target frozen"
        f" from {_range(b.target_seeds for b in budgets)} seeds of its own, to be reached with"
        f" {_range(b.test_seeds for b in budgets)} fresh test seeds. Steps needed are read twice: at a"
        " constant rate, and on a ladder of horizons with warm-up and cosine decay. Clipping is off, but for"
        " a second arm. Seconds are steps × the time of a training step on a quiet machine; evaluation is"
        " not on the clock."
    )


def _range(counts):
    counts = sorted(set(counts))
    return str(counts[0]) if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"


def _statistics(rankings):
    floor = number(100 * max(r.floor for r in rankings), 2)
    return (
        "**Intervals** are 95 %: t intervals of log ratios paired by seed, steps and times drawn together"
        f" for seconds; the same optimizer timed under two names differs by {floor} % (95 % of the problems),"
        " which is part of every interval of seconds. A seed short of the target counts as slower than every"
        " other (signed ranks). Claims use 99 %."
    )
