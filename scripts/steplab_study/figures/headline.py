"""The trade-off: state bytes per parameter, seconds per step and seconds to target, per model size."""

from .style import (
    INK,
    count_label,
    optimizer_label,
    optimizer_style,
    panels,
    seconds_axis,
    workload_label,
    HATCHES,
)
from .targets import draw_dodged, optimizer_legend

name, part = "headline", "convergence"
title = "What an optimizer costs and what it buys: state, time of a training step, time to the target"


def collect(results):
    """The largest family of the run (mlp rather than quadratic), all its sizes. State bytes from the
    rule's model."""
    workloads = list(dict.fromkeys(p.workload for p in results.problems if p.goals))
    if not workloads:
        return None
    workload = "mlp" if "mlp" in workloads else workloads[-1]
    state = {r["optimizer"]: r["accounted_state_bytes"] / r["n"] for r in results.memory}
    points = []
    for problem in (p for p in results.problems if p.workload == workload and p.goals):
        for arm in problem.arms.values():
            step, seconds = arm.step_time(), arm.seconds_interval(problem.goals["target"], problem.floor)
            points.append({
                "problem": problem.name,
                "parameters": problem.parameters,
                "optimizer": arm.id,
                "state_bytes": state.get(arm.id),
                "step": _plain(step),
                "optimizer_step": _plain(arm.optimizer_time()),
                "seconds": _plain(seconds),
            })
    return {"workload": workload, "points": points} if points else None


def _plain(interval):
    if interval is None:
        return None
    return {
        "value": interval.value,
        "low": interval.low,
        "high": interval.high if interval.high < 1e300 else None,
    }


def draw(data):
    figure, axes = panels(1, 3, height=3.0, width=7.6, gridspec_kw={"width_ratios": [0.9, 1.25, 1.25]})
    handles = {}
    _state(axes[0, 0], data)
    for ax, key, title_text in (
        (axes[0, 1], "step", "one training step"),
        (axes[0, 2], "seconds", "time to the target"),
    ):
        draw_dodged(ax, [{**p, **(p[key] or {})} for p in data["points"]], handles)
        seconds_axis(ax.yaxis)
        ax.set_title(title_text)
        ax.set_xlabel(f"parameters ({workload_label(data['workload'])})")
    optimizer_legend(figure, handles)
    return figure


def _state(ax, data):
    optimizers = list(dict.fromkeys(p["optimizer"] for p in data["points"]))
    for i, optimizer in enumerate(optimizers):
        value = next(p["state_bytes"] for p in data["points"] if p["optimizer"] == optimizer)
        if value is None:
            ax.text(0.5, 0.5, "not measured\nin this run", ha="center", transform=ax.transAxes, fontsize=9)
            continue
        ax.bar(
            i,
            value,
            0.7,
            color=optimizer_style(optimizer)["color"],
            hatch=HATCHES[i],
            edgecolor="#fefefd",
            linewidth=0.4,
        )
        ax.text(i, value, f"{value:.3g} B", ha="center", va="bottom", fontsize=9, color=INK)
    ax.set_xlim(-0.6, len(optimizers) - 0.4)
    ax.set_xticks(range(len(optimizers)), [optimizer_label(o) for o in optimizers], rotation=90)
    ax.grid(axis="x", visible=False)
    ax.set_title("state per parameter")
    ax.set_ylabel("bytes")
    sizes = list(dict.fromkeys(p["parameters"] for p in data["points"]))
    ax.set_xlabel("at " + (", ".join(count_label(s) for s in sizes) if len(sizes) < 2 else "every size"))
