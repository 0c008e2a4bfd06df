"""What the figures of loss curves share: a panel per problem, a row per workload."""

import statistics

from .. import compare
from .style import (
    INK,
    count_label,
    legend_above,
    optimizer_label,
    optimizer_style,
    panels,
    plain_log_axis,
    workload_label,
)

COLUMNS = 3


def collect_curves(rankings):
    found = []
    for ranking in (r for some in compare.families(rankings).values() for r in some):
        arms = {arm.id: band(arm.curves) for arm in ranking.arms.values() if arm.curves}
        arms = {name: points for name, points in arms.items() if points["step"]}
        if arms:
            found.append({
                "problem": ranking.name,
                "workload": ranking.workload,
                "parameters": ranking.parameters,
                "arms": arms,
                "target": ranking.goals.get(compare.GOAL),
            })
    return {"unit": "validation loss", "problems": found} if found else None


def band(curves):
    """Columns over the evaluated steps: lowest, median and highest loss of the seeds that are still finite there,
    and how many those are."""
    losses = {}
    for curve in curves:
        for step, loss in curve:
            if loss is not None:
                losses.setdefault(step, []).append(loss)
    steps = sorted(losses)
    return {
        "step": steps,
        "low": [min(losses[s]) for s in steps],
        "median": [statistics.median(losses[s]) for s in steps],
        "high": [max(losses[s]) for s in steps],
        "seeds": [len(losses[s]) for s in steps],
    }


def draw_curves(data):
    problems = data["problems"]
    rows = _rows(problems)
    columns = max(len(row) for row in rows)
    figure, axes = panels(len(rows), columns, height=1.95 if len(rows) > 2 else 2.5)
    handles = {}
    for row, some in zip(axes, rows):
        for ax, problem in zip(row, some):
            _panel(ax, problem, handles)
        for ax in row[len(some):]:
            ax.set_axis_off()
        row[0].set_ylabel("validation loss")
        _label_steps(row[:len(some)])
    if "target" in handles:
        handles["target"] = handles.pop("target")  # last in the legend
    legend_above(figure, handles.values(), handles.keys(), 5)
    return figure


def _rows(problems):
    """A row per workload, at most COLUMNS panels wide; a workload of many problems takes several."""
    workloads = dict.fromkeys(p["workload"] for p in problems)
    rows = []
    for workload in workloads:
        some = [p for p in problems if p["workload"] == workload]
        rows += [some[i:i + COLUMNS] for i in range(0, len(some), COLUMNS)]
    if all(len(row) == 1 for row in rows):  # one problem a workload: side by side
        flat = [row[0] for row in rows]
        return [flat[i:i + COLUMNS] for i in range(0, len(flat), COLUMNS)]
    return rows


def _panel(ax, problem, handles):
    for optimizer, points in problem["arms"].items():
        style = optimizer_style(optimizer)
        handles[optimizer_label(optimizer)] = ax.plot(
            points["step"],
            points["median"],
            markevery=max(1, len(points["step"]) // 5),
            **{**style, "linewidth": 1.4, "markersize": 4},
        )[0]
        ax.fill_between(
            points["step"], points["low"], points["high"], color=style["color"], alpha=0.22, linewidth=0
        )
    if problem["target"] is not None:
        handles["target"] = ax.axhline(problem["target"], color=INK, linewidth=1, linestyle=(0, (2, 2)))
    ax.set_yscale("log")
    low, high = _limits(problem)
    ax.set_ylim(low, high)
    plain_log_axis(ax.yaxis, _ticks(high / low))
    ax.set_title(f"{workload_label(problem['problem'])} ({count_label(problem['parameters'])})", fontsize=9.5)


def _ticks(ratio):
    if ratio < 1.6:
        return tuple(1 + 0.1 * i for i in range(90))
    if ratio < 6:
        return (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8)
    return (1, 2, 5) if ratio < 100 else (1,)


def _label_steps(row):
    for ax in row:
        ax.set_xlabel("steps", labelpad=1)


def _limits(problem):
    """From below the best median to above the start; a tail many decades down is cut at a thousandth of
    the target."""
    medians = [m for points in problem["arms"].values() for m in points["median"] if m > 0]
    start = max(points["high"][0] for points in problem["arms"].values())
    bottom = min(medians)
    if problem["target"]:
        bottom = max(bottom, problem["target"] / 1000)
    return bottom / 1.1, start * 1.1
