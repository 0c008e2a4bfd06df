"""What the two figures of steps and seconds to target share: one dot with its interval per optimizer and
problem."""

from matplotlib.lines import Line2D

from .style import (
    OPTIMIZER_LABELS,
    count_label,
    legend_above,
    optimizer_label,
    optimizer_style,
    panels,
    workload_label,
)


NOT_REACHED = "open: not reached by every seed"


def collect_targets(results, measure, unit):
    """`measure(problem, arm, goal loss)` gives an Interval, or None when it was not reached by every seed."""
    found = []
    for problem in results.problems:
        for goal, loss in problem.goals.items():
            for arm in problem.arms.values():
                if not arm.trials:
                    continue
                interval, censored = measure(problem, arm, loss), arm.censored(loss)
                entry = {
                    "problem": problem.name,
                    "parameters": problem.parameters,
                    "goal": goal,
                    "optimizer": arm.id,
                    "reached": censored["reached"],
                    "of": censored["of"],
                }
                if interval is not None:
                    entry.update(value=interval.value, low=interval.low, high=_finite(interval.high))
                found.append(entry)
    return {"unit": unit, "points": found} if found else None


def _finite(value):
    return value if value < 1e300 else None


def draw_targets(data, label, axis_style):
    """Columns: workloads; categories: sizes; the strict target filled, the loosest open."""
    workloads = list(dict.fromkeys(p["problem"].split("/")[0] for p in data["points"]))
    figure, axes = panels(1, len(workloads), height=3.1)
    handles = {}
    for ax, workload in zip(axes.flat, workloads):
        points = [
            p for p in data["points"] if p["problem"].split("/")[0] == workload and p["goal"] == "target"
        ]
        draw_dodged(ax, points, handles)
        ax.set_yscale("log")
        axis_style(ax.yaxis)
        ax.set_title(workload_label(workload))
        ax.set_xlabel("parameters")
    axes[0, 0].set_ylabel(label)
    optimizer_legend(figure, handles)
    return figure


def optimizer_legend(figure, handles):
    """The optimizers in their order, then what open markers mean."""
    order = [label for label in OPTIMIZER_LABELS.values() if label in handles]
    order += [label for label in handles if label not in order]
    legend_above(figure, [handles[label] for label in order], order, 5)


def draw_dodged(ax, points, handles):
    """Sizes as categories, optimizers side by side in each; an open marker at the top where there is no
    value."""
    sizes = list(dict.fromkeys(p["parameters"] for p in points))
    optimizers = list(dict.fromkeys(p["optimizer"] for p in points))
    ax.set_yscale("log")
    for k, optimizer in enumerate(optimizers):
        style = optimizer_style(optimizer)
        style.pop("linestyle")
        for point in (p for p in points if p["optimizer"] == optimizer):
            place = sizes.index(point["parameters"]) + (k - (len(optimizers) - 1) / 2) * 0.18
            if point.get("value") is not None:
                high = point["high"] if point["high"] is not None else point["value"]
                handles[optimizer_label(optimizer)] = ax.errorbar(
                    place,
                    point["value"],
                    yerr=[[point["value"] - point["low"]], [high - point["value"]]],
                    capsize=3,
                    elinewidth=1.2,
                    **style
                )
            else:
                marker = ax.plot(
                    place, 0.965, transform=ax.get_xaxis_transform(), markerfacecolor="none", **style
                )[0]
                handles.setdefault(optimizer_label(optimizer), marker)
    ax.set_xticks(range(len(sizes)), [count_label(s) for s in sizes])
    ax.set_xlim(-0.5, len(sizes) - 0.5)
    ax.grid(axis="x", visible=False)
    if any(p.get("value") is None for p in points):
        handles[NOT_REACHED] = Line2D(
            [], [], color="#8c8c8c", marker="o", linestyle="", markerfacecolor="none"
        )
        low, high = ax.get_ylim()
        ax.set_ylim(low, high * (high / low) ** 0.15)
