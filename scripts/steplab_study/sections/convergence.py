"""Convergence: loss curves, steps and seconds to the target, what was tuned."""

import math

from .. import protocol
from ..wording import count_label, interval, listing, number, seconds, verdict
from .parts import Figure, Items, Section, Table, Text, not_run

_TITLE = "Convergence"


def build(results):
    if not any(arm.trials for p in results.problems for arm in p.arms.values()):
        return not_run("convergence", _TITLE, "convergence")
    section = Section("convergence", _TITLE).add(
        Figure("loss_curves"),
        Text(
            "Validation data is never trained on. The dashed line is the frozen target that steps are"
            " counted to."
        ),
        Figure("steps_to_target"),
        _goal_table(results),
        Items(tuple(_meaning(results))),
        Figure("seconds_to_target"),
        _quality_table(results),
        _tuning_table(results),
    )
    edge = [
        f"{p.name} {arm.label} ({', '.join(arm.choice['edges'])})"
        for p in results.problems
        for arm in p.arms.values()
        if arm.choice["edges"]
    ]
    if edge:
        section.add(
            Text(
                f"The best point still lies at an edge of the searched space for {listing(edge)}: "
                "comparisons with it may favour the other side."
            )
        )
    return section


def _cell(arm, loss):
    found = arm.steps_interval(loss)
    if found is not None:
        return interval(found)
    told = arm.censored(loss)
    bound = told["median_at_least"]
    text = f"{told['reached']} of {told['of']} seeds"
    return text + (f", median ≥ {bound:.0f}" if math.isfinite(bound) and told["reached"] else "")


def _goal_table(results):
    rows = []
    for problem in results.problems:
        for goal, loss in problem.goals.items():
            rows.append((
                problem.name,
                count_label(problem.parameters),
                goal if goal == "target" else f"{goal} of the drop",
                number(loss, 4),
                *(_cell(problem.arms[o], loss) if o in problem.arms else "–" for o in protocol.OPTIMIZERS),
            ))
    labels = tuple(o.label for o in protocol.OPTIMIZERS.values())
    return Table(
        ("problem", "parameters", "goal", "validation loss", *labels),
        tuple(rows),
        "Steps to each goal at a constant learning rate: geometric mean over test seeds with its 95 % t"
        " interval, or how many seeds reached it.",
    )


def _meaning(results):
    top, bottom = protocol.OPTIMIZERS[protocol.COMPARED], protocol.OPTIMIZERS[protocol.REFERENCE]
    for problem in results.problems:
        if top.id not in problem.arms or bottom.id not in problem.arms:
            continue
        told = []
        for goal, loss in problem.goals.items():
            name = "the target" if goal == "target" else f"{goal} of the drop"
            if not problem.decided(goal, top.id, bottom.id):
                told.append(f"{name}: not decided (seeds without it)")
                continue
            ratio = problem.steps_ratio(top.id, bottom.id, goal)
            told.append(f"{name}: {interval(ratio)} ({verdict(ratio, 'fewer', 'more')})")
        if told:
            yield f"**{problem.name}**, steps of {top.label} ÷ steps of {bottom.label}: {'; '.join(told)}."


def _quality_table(results):
    rows = []
    for problem in results.problems:
        for arm in problem.arms.values():
            finals = [x for x in arm.finals() if math.isfinite(x)]
            accuracies = arm.accuracies()
            rows.append((
                problem.name,
                arm.label,
                _range(finals),
                _range([100 * a for a in accuracies]) if accuracies else "–",
                f"{arm.diverged} of {len(arm.trials)}",
                seconds(arm.step_time()),
                seconds(arm.optimizer_time()),
                (
                    seconds(arm.seconds_interval(problem.goals["target"], problem.floor))
                    if problem.goals
                    else "–"
                ),
            ))
    return Table(
        (
            "problem",
            "optimizer",
            "final validation loss",
            "test accuracy, %",
            "diverged",
            "one training step",
            "optimizer's part",
            "time to the target",
        ),
        tuple(rows),
        "Final loss: mean of the last three evaluations, lowest to highest seed. Times: quiet machine, one"
        " thread.",
    )


def _range(values):
    if not values:
        return "–"
    return f"{number(min(values))} to {number(max(values))}"


def _tuning_table(results):
    rows = []
    for problem in results.problems:
        for arm in problem.arms.values():
            c = arm.choice
            hyper = ", ".join(f"{k} {number(v)}" for k, v in c["hyper"].items())
            spaces = "; ".join(f"{k} {number(a)}–{number(b)}" for k, (a, b) in c["space"].items())
            rows.append((
                problem.name,
                arm.label,
                f"lr {number(c['lr'])}" + (f", {hyper}" if hyper else ""),
                str(c["points_tried"]),
                spaces,
                ", ".join(c["edges"]) or "no",
            ))
    return Table(
        ("problem", "optimizer", "chosen", "points tried", "searched (log-uniform)", "at an edge"),
        tuple(rows),
        "What tuning chose. A space whose best point lay at an edge was widened by a decade and searched"
        " again.",
    )
