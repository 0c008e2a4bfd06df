"""Machine and method, in a few lines."""

from ..wording import bytes_text, grouped, listing, number, plural
from .parts import Items, Section


def build(results):
    lines = [_machine(results.machine)]
    if results.step_cells:
        lines.append(
            f"**Step time**: {grouped(len(results.steps))} cells in {plural(results.rounds, 'round')}, every"
            " cell once a round in shuffled order, each checked bit for bit against the scalar kernel before"
            " it is timed; medians over rounds with 95 % bootstrap intervals. Ceilings (bare streams of the"
            " same shape) come from the same run. Bytes: each stream once per access, reads and writes"
            " counted apart, no write-allocate."
        )
    if results.memory:
        lines.append(
            "**Memory**: the rule's model, the library's own accounting and the growth of resident memory, "
            "side by side."
        )
    if results.problems:
        lines.append(_protocol(results))
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


def _floor(results):
    return number(100 * max(p.floor for p in results.problems), 2)


def _protocol(results):
    s = results.convergence_settings
    labels = listing(arm.label for arm in results.problems[0].arms.values())
    return (
        f"**Convergence**: {labels}, each tuned with {s['points']} points of a scrambled Sobol sequence (half"
        f" over the whole space, half near the best), the best {s['finalists']} rerun on"
        f" {plural(s['finalist_seeds'], 'seed')} and ranked by their worst; a target frozen from"
        f" {plural(s['target_seeds'], 'seed')} of its own; {plural(s['test_seeds'], 'fresh test seed')};"
        " constant learning rate, no clipping. Seconds are steps × the time of a training step on a quiet"
        f" machine (the same optimizer timed under two names differs by at most {_floor(results)} %)."
    )
