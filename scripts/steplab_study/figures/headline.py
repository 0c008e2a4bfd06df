"""The trade-off: state bytes per parameter, seconds per step and seconds to target, per model size."""

from matplotlib.ticker import MultipleLocator

from ..rankings import across_workloads
from ..wording.labels import optimizer_label, seconds_label, workload_label
from .style import HATCHES, INK, PAPER, optimizer_style, pyplot
from .targets import draw_dodged, optimizer_legend

name, part = "headline", "ranking"
title = "What an optimizer costs and what it buys: state, time of a training step, time to the target"
FAMILIES = ("mlp", "transformer", "cnn")  # vision and language first
ROWS = 2


def shown(rankings):
    """The first two families that were run at a constant rate and have targets, smallest model first; what
    else there is where none of them was."""
    found = across_workloads.families([r for r in across_workloads.constant(rankings) if r.goals and r.arms])
    chosen = [w for w in FAMILIES if w in found][:ROWS] or list(found)[-1:]
    return [ranking for workload in chosen for ranking in found[workload]]


def collect(evidence):
    """State bytes are what the library accounts for at the largest measured size."""
    state = {r["optimizer"]: r["accounted_state_bytes"] / r["n"] for r in evidence.benchmarks.memory}
    points = []
    for ranking in shown(evidence.rankings):
        for arm in ranking.arms.values():
            points.append({
                "workload": ranking.workload,
                "problem": ranking.name,
                "parameters": ranking.parameters,
                "optimizer": arm.id,
                "state_bytes": state.get(arm.id),
                "step": _plain(arm.step_time()),
                "optimizer_step": _plain(arm.optimizer_time()),
                "seconds": _plain(arm.seconds_interval(ranking.goals["target"], ranking.floor)),
            })
    return {"points": points} if points else None


def _plain(interval):
    if interval is None:
        return None
    return {
        "value": interval.value,
        "low": interval.low,
        "high": interval.high if interval.high < 1e300 else None,
    }


def draw(data):
    workloads = list(dict.fromkeys(p["workload"] for p in data["points"]))
    figure = pyplot.figure(figsize=(7.6, 2.6 * len(workloads) + 0.9), constrained_layout=True)
    grid = figure.add_gridspec(len(workloads), 3, width_ratios=[0.8, 1.3, 1.3])
    handles = {}
    _state(figure.add_subplot(grid[:, 0]), data)
    for row, workload in enumerate(workloads):
        points = [p for p in data["points"] if p["workload"] == workload]
        for column, key, what in ((1, "step", "one training step"), (2, "seconds", "time to the target")):
            ax = figure.add_subplot(grid[row, column])
            draw_dodged(ax, [{**p, **(p[key] or {})} for p in points], handles, seconds_label)
            ax.set_title(f"{workload_label(workload)}: {what}")
            if row == len(workloads) - 1:
                ax.set_xlabel("parameters")
    optimizer_legend(figure, handles)
    return figure


def _state(ax, data):
    optimizers = list(dict.fromkeys(p["optimizer"] for p in data["points"]))
    for i, optimizer in enumerate(optimizers):
        value = next(p["state_bytes"] for p in data["points"] if p["optimizer"] == optimizer)
        if value is None:
            continue
        color = optimizer_style(optimizer)["color"]
        ax.bar(i, value, 0.7, color=color, hatch=HATCHES[i], edgecolor=PAPER, linewidth=0.4)
        ax.text(i, value, f"{value:.3g} B", ha="center", va="bottom", fontsize=9, color=INK)
    if not ax.patches:
        ax.text(0.5, 0.5, "not measured\nin this run", ha="center", transform=ax.transAxes, fontsize=9)
    ax.set_xlim(-0.6, len(optimizers) - 0.4)
    ax.set_xticks(range(len(optimizers)), [optimizer_label(o) for o in optimizers], rotation=90)
    ax.grid(axis="x", visible=False)
    ax.set_title("state per parameter")
    ax.set_ylabel("bytes")
    ax.yaxis.set_major_locator(MultipleLocator(4))
