"""What the two figures of steps and seconds to target share: a panel per workload and protocol, in it a dot
with its interval per optimizer and size."""

from matplotlib.lines import Line2D

from ..rankings import across_workloads
from ..wording.labels import OPTIMIZER_LABELS, count_label, optimizer_label, workload_label
from .style import fitted_log_axis, legend_above, optimizer_style, panels

COLUMNS = 4
NOT_REACHED = "open: not known for every seed"


def collect_targets(evidence, measure, unit):
    """`measure(ranking, arm, goal loss)` gives an Interval, or None when it was not reached by every seed."""
    found = []
    for label, rankings in across_workloads.by_protocol(evidence.rankings).items():
        for ranking in (r for some in across_workloads.families(rankings).values() for r in some):
            for goal, loss in ranking.goals.items():
                for arm in ranking.arms.values():
                    point = _point(label, ranking, goal, arm, measure(ranking, arm, loss), arm.censored(loss))
                    found += [point] if point else []
    return {"unit": unit, "points": found} if found else None


def _point(label, ranking, goal, arm, interval, censored):
    if not censored["of"]:
        return None
    point = {
        "protocol": label,
        "workload": ranking.workload,
        "problem": ranking.name,
        "parameters": ranking.parameters,
        "goal": goal,
        "optimizer": arm.id,
        "reached": censored["reached"],
        "of": censored["of"],
    }
    if interval is not None:
        point.update(value=interval.value, low=interval.low, high=_finite(interval.high))
    return point


def _finite(value):
    return value if value < 1e300 else None


def draw_targets(data, label, unit_label):
    """Panels: workload × protocol without clipping; categories: sizes; the frozen target alone."""
    goal = across_workloads.GOAL
    points = [p for p in data["points"] if p["goal"] == goal and "clipped" not in p["protocol"]]
    shown = {}
    for point in points:
        variant = point["problem"].partition(" ")[2]  # of a workload with options, such as "balanced"
        shown.setdefault((point["protocol"], f"{point['workload']} {variant}".strip()), []).append(point)
    shown = {
        key: some
        for key, some in shown.items()
        if key[0] == next(iter(across_workloads.PROTOCOLS)) or any(p.get("value") is not None for p in some)
    }
    columns = min(COLUMNS, len(shown))
    rows = -(-len(shown) // columns)
    figure, axes = panels(rows, columns, height=2.2)
    handles = {}
    for ax, ((protocol, workload), some) in zip(axes.flat, shown.items()):
        draw_dodged(ax, some, handles, unit_label)
        ax.set_title(f"{workload_label(workload)}\n{protocol}", fontsize=9.5)
    for ax in list(axes.flat)[len(shown):]:
        ax.set_axis_off()
    for ax in axes[:, 0]:
        ax.set_ylabel(label)
    for i, ax in enumerate(axes.flat):
        if len(shown) - columns <= i < len(shown):
            ax.set_xlabel("parameters")
    optimizer_legend(figure, handles)
    return figure


def optimizer_legend(figure, handles):
    """The optimizers in their order, then what open markers mean."""
    order = [label for label in OPTIMIZER_LABELS.values() if label in handles]
    order += [label for label in handles if label not in order]
    legend_above(figure, [handles[label] for label in order], order, 5)


def draw_dodged(ax, points, handles, unit_label):
    """Sizes as categories, optimizers side by side in each; an open marker at the top where there is no
    value."""
    sizes = list(dict.fromkeys((p["parameters"], p["problem"]) for p in points))
    optimizers = list(dict.fromkeys(p["optimizer"] for p in points))
    ax.set_yscale("log")
    for k, optimizer in enumerate(optimizers):
        style = {**optimizer_style(optimizer), "markersize": 5}
        style.pop("linestyle")
        for point in (p for p in points if p["optimizer"] == optimizer):
            category = sizes.index((point["parameters"], point["problem"]))
            place = category + (k - (len(optimizers) - 1) / 2) * 0.2
            if point.get("value") is not None:
                high = point["high"] if point["high"] is not None else point["value"]
                handles[optimizer_label(optimizer)] = ax.errorbar(
                    place,
                    point["value"],
                    yerr=[[point["value"] - point["low"]], [high - point["value"]]],
                    capsize=2.5,
                    elinewidth=1.2,
                    **style,
                )
            else:
                marker = ax.plot(
                    place, 0.965, transform=ax.get_xaxis_transform(), markerfacecolor="none", **style
                )[0]
                handles.setdefault(optimizer_label(optimizer), marker)
    ax.set_xticks(range(len(sizes)), [count_label(parameters) for parameters, _ in sizes])
    ax.set_xlim(-0.5, len(sizes) - 0.5)
    ax.grid(axis="x", visible=False)
    if any(p.get("value") is None for p in points):
        _room_above(ax, points, handles)
    if any(p.get("value") is not None for p in points):
        fitted_log_axis(ax.yaxis, *ax.get_ylim(), unit_label)


def _room_above(ax, points, handles):
    """Room for the open markers at the top, and their meaning in the legend."""
    handles[NOT_REACHED] = Line2D([], [], color="#8c8c8c", marker="o", linestyle="", markerfacecolor="none")
    if all(p.get("value") is None for p in points):
        ax.set_yticks([])
        where = {"ha": "center", "va": "center", "transform": ax.transAxes, "fontsize": 9}
        ax.text(0.5, 0.5, "reached by\nno optimizer", **where)
        return
    low, high = ax.get_ylim()
    ax.set_ylim(low, high * (high / low) ** 0.15)
