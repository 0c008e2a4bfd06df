"""The tables of the convergence section."""

import math

from ...protocol import ranking as protocol
from ...rankings import across_workloads
from ...rankings.across_workloads import BOTTOM, TOP
from ...statistics.intervals import t_interval
from ...wording.labels import count_label, workload_label
from ...wording.numbers import interval, number, seconds
from .blocks import Table


def _size(ranking):
    """Parameters, and the words of a variant: '8.32 k balanced'."""
    return f"{count_label(ranking.parameters)} {ranking.name.partition(' ')[2]}".strip()


def family_table(rankings):
    """Every size, protocol and optimizer of one workload."""
    rows = []
    for ranking in rankings:
        for arm in ranking.arms.values():
            loss = ranking.goals.get(across_workloads.GOAL)
            rows.append((
                _size(ranking),
                across_workloads.protocol_label(ranking),
                arm.label,
                steps_cell(arm, loss),
                seconds(arm.seconds_interval(loss, ranking.floor)) if loss is not None else "–",
                _quality(arm.finals()),
                _accuracy(arm.accuracies()),
                str(len(arm.finals())),
                str(arm.diverged),
                seconds(arm.step_time()),
            ))
    headers = ("parameters", "protocol", "optimizer", "steps to the target", "time to the target")
    return Table(
        (*headers, "final validation loss", "test accuracy, %", "seeds", "diverged", "one training step"),
        tuple(rows),
        f"{workload_label(rankings[0].workload)}: {_targets(rankings)}. Means over test seeds with 95 % t"
        " intervals (steps and times geometric); where a seed did not reach the target, how many did."
        " Times: quiet machine, one thread.",
    )


def _targets(rankings):
    told = {}
    for ranking in rankings:
        if across_workloads.GOAL in ranking.goals:
            told.setdefault(number(ranking.goals[across_workloads.GOAL], 4), []).append(
                f"{_size(ranking)}, {across_workloads.protocol_label(ranking)}"
            )
    if not told:
        return "no target, as every run that would set it diverged"
    return "target " + "; ".join(f"{loss} ({' and '.join(where)})" for loss, where in told.items())


def steps_cell(arm, loss):
    """Steps to a loss with their interval, or how many seeds reached it."""
    if loss is None:
        return "–"
    found = arm.steps_interval(loss)
    if found is not None:
        return interval(found)
    steps = arm.steps(loss)
    if steps and not any(steps):
        return f"below the shortest run ({arm.rungs[0]['horizon']})"
    told = arm.censored(loss)
    bound = told["median_at_least"]
    text = f"{told['reached']} of {told['of']} seeds"
    return text + (f", median ≥ {bound:.0f}" if math.isfinite(bound) and told["reached"] else "")


def _quality(finals):
    kept = [x for x in finals if x is not None and math.isfinite(x)]
    if not kept:
        return "–"
    return interval(t_interval(kept), 4) if len(kept) > 1 else number(kept[0], 4)


def _accuracy(accuracies):
    if not accuracies:
        return "–"
    values = [100 * a for a in accuracies]
    return interval(t_interval(values)) if len(values) > 1 else number(values[0])


def ratio_table(rankings):
    """Steps of the reference pair to every goal, and how far the luck of tuning reaches."""
    rows = []
    goals = (across_workloads.GOAL, *protocol.LOOSE_TARGETS)
    for ranking in rankings:
        if not ranking.has(TOP.id, BOTTOM.id) or not ranking.goals:
            continue
        luck = ranking.luck_of_tuning(TOP.id, BOTTOM.id)
        rows.append((
            workload_label(ranking.name),
            count_label(ranking.parameters),
            across_workloads.protocol_label(ranking),
            *(_ratio_cell(ranking, goal) for goal in goals),
            f"× {number(math.exp(luck))}" if luck is not None and math.isfinite(luck) else "–",
        ))
    headers = ("workload", "parameters", "protocol", "to the target")
    return Table(
        (*headers, *(f"to {share} of the drop" for share in protocol.LOOSE_TARGETS), "luck of tuning"),
        tuple(rows),
        f"Steps of {TOP.label} ÷ steps of {BOTTOM.label} to each goal, paired by seed, with 95 % intervals.",
        folded=True,
    )


def _ratio_cell(ranking, goal):
    ratio = ranking.steps_ratio(TOP.id, BOTTOM.id, goal)
    if ratio is None:
        return "not decided"
    return f"{interval(ratio)} {ranking.separated(TOP.id, BOTTOM.id, goal, ratio)}"


def goal_table(rankings):
    rows = []
    for ranking in rankings:
        for goal, loss in ranking.goals.items():
            rows.append((
                workload_label(ranking.name),
                count_label(ranking.parameters),
                across_workloads.protocol_label(ranking),
                "target" if goal == across_workloads.GOAL else f"{goal} of the drop",
                number(loss, 4),
                *(
                    steps_cell(ranking.arms[o], loss) if o in ranking.arms else "–"
                    for o in protocol.OPTIMIZERS
                ),
            ))
    labels = tuple(o.label for o in protocol.OPTIMIZERS.values())
    return Table(
        ("workload", "parameters", "protocol", "goal", "validation loss", *labels),
        tuple(rows),
        "Steps to the target and to the looser goals: geometric mean over test seeds with its 95 % t"
        " interval, or how many seeds reached it.",
        folded=True,
    )


def tuning_table(rankings):
    rows = []
    for ranking in rankings:
        for arm in ranking.arms.values():
            choice = arm.choice
            chosen = {"lr": choice["lr"], **choice["hyper"]}
            rows.append((
                workload_label(ranking.name),
                across_workloads.protocol_label(ranking),
                arm.label,
                ", ".join(f"{k} {number(v)}" for k, v in chosen.items()),
                str(choice["points_tried"]),
                "; ".join(f"{k} {number(a)}–{number(b)}" for k, (a, b) in choice["space"].items()),
                ", ".join(choice["edges"]) or "no",
            ))
    headers = ("workload", "protocol", "optimizer", "chosen", "points tried", "searched (log-uniform)")
    return Table(
        (*headers, "at an edge"),
        tuple(rows),
        "What tuning chose. Where a best point lay at an edge, that space was widened by a decade and every"
        " optimizer of the ranking got as many points again: points tried are equal within a ranking.",
        folded=True,
    )
