"""The headline figure and the sentence that it supports."""

from .. import protocol
from ..figures import headline as figure
from ..wording import count_label, interval, listing, number, verdict, workload_label
from ..wording import seconds as seconds_text
from .parts import Figure, Items, Section, Table, Text, not_run

_TITLE = "The trade-off between SGD and Adam"
_TOP = protocol.OPTIMIZERS[protocol.COMPARED]
_BOTTOM = protocol.OPTIMIZERS[protocol.REFERENCE]


def build(results):
    data = figure.collect(results)
    if data is None:
        return not_run("headline", _TITLE, "convergence")
    problems = [p for p in results.problems if p.workload == data["workload"] and p.goals]
    section = Section("headline", _TITLE).add(Figure("headline"), Text(_summary(results, problems)))
    return section.add(Items(tuple(_sentence(p) for p in problems)), _table(results, problems))


def _state(results):
    """{optimizer: bytes of state per parameter} at the largest measured size."""
    rows = sorted(results.memory, key=lambda r: r["n"])
    return {r["optimizer"]: r["accounted_state_bytes"] / r["n"] for r in rows}


def _summary(results, problems):
    """The one sentence: what Adam costs against SGD-M and in how many sizes it pays."""
    state = _state(results)
    parts = []
    if _TOP.id in state and _BOTTOM.id in state:
        parts.append(
            f"keeps {state[_TOP.id]:.3g} B of state a parameter where {_BOTTOM.label} keeps"
            f" {state[_BOTTOM.id]:.3g} B"
        )
    ratios = [p.step_time_ratio(_TOP.id, _BOTTOM.id) for p in problems]
    ratios = [r.value for r in ratios if r is not None]
    if ratios:
        parts.append(f"takes {_span(ratios)} × its time for a whole training step")
    words = [_seconds_verdict(p) for p in problems]
    counts = [f"{word} at {words.count(word)}" for word in dict.fromkeys(words)]
    parts.append(f"in time to the same validation loss is {listing(counts)} of {len(words)} sizes")
    return (
        f"**On the {workload_label(problems[0].workload)}, {_TOP.label}, against {_BOTTOM.label},"
        f" {listing(parts)}.**"
    )


def _span(values):
    low, high = number(min(values)), number(max(values))
    return low if low == high else f"{low} to {high}"


def _seconds_verdict(problem):
    if not problem.has(_TOP.id, _BOTTOM.id) or not problem.decided("target", _TOP.id, _BOTTOM.id):
        return "undecided"
    ratio = problem.seconds_ratio(_TOP.id, _BOTTOM.id)
    return verdict(ratio, "faster", "slower", problem.floor)


def _sentence(problem):
    """The comparison of the reference pair on one problem, worded by its intervals."""
    lead = f"**{workload_label(problem.workload)}, {count_label(problem.parameters)} parameters**: "
    goal = problem.goals["target"]
    if not problem.has(_TOP.id, _BOTTOM.id) or not problem.decided("target", _TOP.id, _BOTTOM.id):
        reached = {o: problem.arms[o].censored(goal) for o in (_TOP.id, _BOTTOM.id) if o in problem.arms}
        told = [f"{protocol.OPTIMIZERS[o].label} {c['reached']} of {c['of']}" for o, c in reached.items()]
        return f"{lead}too few seeds reached the target to compare ({listing(told)})."
    steps, seconds = problem.steps_ratio(_TOP.id, _BOTTOM.id), problem.seconds_ratio(_TOP.id, _BOTTOM.id)
    return (
        f"{lead}{_TOP.label} needs {interval(steps)} × the steps of {_BOTTOM.label}"
        f" (**{verdict(steps, 'fewer steps', 'more steps')}**) and"
        f" {interval(seconds)} × the seconds (**{_seconds_verdict(problem)}**) to a validation loss of"
        f" {number(goal)}."
    )


def _table(results, problems):
    state = _state(results)
    rows = []
    for problem in problems:
        loss = problem.goals["target"]
        for arm in problem.arms.values():
            share = arm.optimizer_time().value / arm.step_time().value if arm.timings else None
            found = arm.seconds_interval(loss, problem.floor)
            rows.append((
                count_label(problem.parameters),
                arm.label,
                f"{state[arm.id]:.3g} B" if arm.id in state else "–",
                seconds_text(arm.step_time()),
                "–" if share is None else f"{100 * share:.1f} %",
                seconds_text(found) if found else _reached(arm, loss),
            ))
    headers = (
        "parameters",
        "optimizer",
        "state per parameter",
        "one training step",
        "optimizer's share of it",
    )
    return Table(
        (*headers, "time to the target"),
        tuple(rows),
        "Time of a whole training step (gradient and optimizer, one thread) and to the target; 95 %"
        " intervals.",
    )


def _reached(arm, loss):
    found = arm.censored(loss)
    return f"reached by {found['reached']} of {found['of']} seeds"
