"""What the figures of loss curves share: a panel per problem, a row per workload."""

import statistics

from ..rankings import across_workloads
from ..wording.labels import optimizer_label, panel_title
from .style import INK, fitted_log_axis, legend_above, optimizer_style, panels

COLUMNS = 3


def collect_curves(rankings):
    found = []
    for ranking in (r for some in across_workloads.families(rankings).values() for r in some):
        arms = {arm.id: over_seeds(arm.curves) for arm in ranking.arms.values() if arm.curves}
        arms = {name: points for name, points in arms.items() if points["step"]}
        if arms:
            found.append({
                "problem": ranking.name,
                "workload": ranking.workload,
                "parameters": ranking.parameters,
                "arms": arms,
                "target": ranking.goals.get(across_workloads.GOAL),
            })
    return {"unit": "validation loss", "problems": found} if found else None


def over_seeds(curves):
    """Columns over the evaluated steps: lowest, median and highest loss of the seeds that are still finite
    there, and how many those are."""
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
    """Rows of at most COLUMNS panels; a workload that does not fit into what is left of a row starts the
    next."""
    rows = [[]]
    for workload in dict.fromkeys(p["workload"] for p in problems):
        some = [p for p in problems if p["workload"] == workload]
        if rows[-1] and len(rows[-1]) + len(some) > COLUMNS:
            rows.append([])
        for problem in some:
            if len(rows[-1]) == COLUMNS:
                rows.append([])
            rows[-1].append(problem)
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
    fitted_log_axis(ax.yaxis, low, high)
    ax.set_title(panel_title(problem), fontsize=9.5)


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
