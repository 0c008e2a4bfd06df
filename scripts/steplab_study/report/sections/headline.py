"""The headline figure and the sentence that it supports."""

from ...figures import headline as figure
from ...rankings import across_workloads
from ...rankings.across_workloads import BOTTOM, TOP
from ...wording.labels import count_label, workload_label
from ...wording.numbers import counted, interval, listing, number, seconds as seconds_text, span, verdict
from .blocks import Figure, Items, Section, Table, Text, not_run

_TITLE = "The trade-off between SGD and Adam"


def build(evidence):
    data = figure.collect(evidence)
    if data is None:
        return not_run("headline", _TITLE, "ranking")
    shown = figure.shown(evidence.rankings)
    section = Section("headline", _TITLE).add(Figure("headline"), Text(summary(evidence)))
    return section.add(Items(tuple(_sentence(r) for r in shown)), _table(evidence, shown))


def state_bytes(evidence):
    """{optimizer: bytes of state per parameter} at the largest measured size."""
    rows = sorted(evidence.benchmarks.memory, key=lambda r: r["n"])
    return {r["optimizer"]: r["accounted_state_bytes"] / r["n"] for r in rows}


def summary(evidence):
    """The one sentence: what Adam costs against SGD-M and how often it pays."""
    shown = figure.shown(evidence.rankings)
    state, parts = state_bytes(evidence), []
    if TOP.id in state and BOTTOM.id in state:
        parts.append(
            f"keeps {state[TOP.id]:.3g} B of state a parameter where {BOTTOM.label} keeps"
            f" {state[BOTTOM.id]:.3g} B"
        )
    ratios = [across_workloads.step_time_ratio(r) for r in shown]
    ratios = [r.value for r in ratios if r is not None]
    if ratios:
        parts.append(f"takes {span(ratios)} × its time for a whole training step")
    words = [seconds_verdict(r) for r in shown]
    parts.append(f"in time to the same validation loss is {counted(words)} of {len(words)} sizes")
    names = listing(dict.fromkeys(workload_label(r.workload) for r in shown))
    return f"**On the {names}, {TOP.label}, against {BOTTOM.label}, {listing(parts)}.**"


def seconds_verdict(ranking):
    ratio = across_workloads.seconds_ratio(ranking)
    return "undecided" if ratio is None else verdict(ratio, "faster", "slower", ranking.floor)


def _sentence(ranking):
    """The comparison of the reference pair on one problem, worded by its intervals."""
    lead = f"**{workload_label(ranking.workload)}, {count_label(ranking.parameters)} parameters**: "
    goal = ranking.goals["target"]
    steps, seconds = across_workloads.steps_ratio(ranking), across_workloads.seconds_ratio(ranking)
    if steps is None:
        reached = {o: ranking.arms[o.id].censored(goal) for o in (TOP, BOTTOM) if ranking.has(o.id)}
        told = [f"{o.label} {c['reached']} of {c['of']}" for o, c in reached.items()]
        return f"{lead}too few seeds reached the target to compare ({listing(told)})."
    text = (
        f"{lead}{TOP.label} needs {interval(steps)} × the steps of {BOTTOM.label}"
        f" (**{verdict(steps, 'fewer steps', 'more steps', floor=0.0)}**)"
    )
    if seconds is not None:
        text += f" and {interval(seconds)} × the seconds (**{seconds_verdict(ranking)}**)"
    return f"{text} to a validation loss of {number(goal)}."


def _table(evidence, shown):
    state = state_bytes(evidence)
    rows = []
    for ranking in shown:
        loss = ranking.goals["target"]
        for arm in ranking.arms.values():
            step, part = arm.step_time(), arm.optimizer_time()
            found = arm.seconds_interval(loss, ranking.floor)
            rows.append((
                f"{workload_label(ranking.workload)}, {count_label(ranking.parameters)}",
                arm.label,
                f"{state[arm.id]:.3g} B" if arm.id in state else "–",
                seconds_text(step),
                f"{100 * part.value / step.value:.1f} %" if step and part else "–",
                seconds_text(found) if found else _reached(arm, loss),
            ))
    headers = ("model", "optimizer", "state per parameter", "one training step", "optimizer's share of it")
    return Table(
        (*headers, "time to the target"),
        tuple(rows),
        "Time of a whole training step (gradient and optimizer, one thread) and to the target at a constant"
        " learning rate; 95 % intervals.",
        folded=True,
    )


def _reached(arm, loss):
    found = arm.censored(loss)
    return f"reached by {found['reached']} of {found['of']} seeds"
