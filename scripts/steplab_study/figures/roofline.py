"""Roofline (Williams, Waterman & Patterson 2009): operations a second against operations a byte, under
the measured bandwidths and the throughput of divisions and square roots.

Operations are those of the rule's text (add, subtract, multiply, divide, square root); bytes by the byte
convention. A roof is the fastest bare stream of its level and threads.
"""

from matplotlib.lines import Line2D

from ..benchmarks.cell import LEVELS
from ..wording.labels import optimizer_label
from .style import INK, legend_above, optimizer_style, panels, plain_log_axis

name, part = "roofline", "step"
title = "Roofline: operations a second against operations a byte, by cache level"
_LINES = {"L1": "-", "L2": "--", "L3": "-.", "memory": ":"}
_FILLS = {"L1": "full", "L2": "left", "L3": "bottom", "memory": "none"}


def collect(evidence):
    """For one thread and for the most that cells ran with: roofs, and the rules' points in each level."""
    results = evidence.benchmarks
    found = {"unit": "GFLOP/s", "threads": {}}
    for threads in sorted({1, max((c.threads for c in results.step_cells), default=1)}):
        points = [p for p in (_point(results, *key, threads) for key in _places(results)) if p is not None]
        if points:
            roofs = _roofs(results, threads, {p["level"] for p in points})
            found["threads"][str(threads)] = {"points": points, "bandwidth": roofs}
    return found if found["threads"] else None


def _places(results):
    for level, cells_of in results.by_level().items():
        for optimizer, cells in cells_of.items():
            yield level, optimizer, cells[0].n


def _point(results, level, optimizer, n, threads):
    cell = results.best(optimizer, n, threads)
    if cell is None or not cell.flops_per_parameter or cell.threads_running != threads:
        return None
    limit = results.limit(cell)
    return {
        "level": level,
        "optimizer": optimizer,
        "n": n,
        "x": cell.flops_per_parameter / cell.bytes_per_parameter,
        "value": cell.flops_per_parameter / cell.time.value,
        "low": cell.flops_per_parameter / cell.time.high,
        "high": cell.flops_per_parameter / cell.time.low,
        "division": limit and cell.flops_per_parameter / limit.time.value * threads,
    }


def _roofs(results, threads, levels):
    """{level: GB/s} of the fastest ceiling whose arrays lie in that level, for levels with points."""
    found = {}
    for ceiling in results.ceilings.values():
        if ceiling.threads == threads:
            level = results.level_of(ceiling, 1)
            found[level] = max(found.get(level, 0.0), ceiling.bandwidth)
    return {level: found[level] for level in LEVELS if level in found and level in levels}


def draw(data):
    figure, axes = panels(1, len(data["threads"]), height=3.4, sharey=True)
    everything = [p for content in data["threads"].values() for p in content["points"]]
    xs = (min(p["x"] for p in everything) / 1.6, max(p["x"] for p in everything) * 1.6)
    low = min(p["value"] for p in everything) / 1.7
    high = max(p["division"] or p["value"] for p in everything) * 1.9
    for ax, (threads, content) in zip(axes[0], data["threads"].items()):
        _draw_roofs(ax, content, xs)
        for point in content["points"]:
            look = {**optimizer_style(point["optimizer"]), "linestyle": "none"}
            ax.plot(
                point["x"], point["value"], fillstyle=_FILLS[point["level"]], markersize=8, zorder=4, **look
            )
        ax.set_xscale("log")
        ax.set_yscale("log")
        plain_log_axis(ax.xaxis, (1, 2, 3, 5))
        plain_log_axis(ax.yaxis, (1, 2, 5))
        ax.set_xlim(*xs)
        ax.set_ylim(low, high)
        ax.set_xlabel("operations a byte")
        ax.set_title("one thread" if threads == "1" else f"{threads} threads")
    axes[0, 0].set_ylabel("GFLOP/s")
    handles = _handles(data)
    legend_above(figure, handles.values(), handles.keys(), 4)
    return figure


def _draw_roofs(ax, content, xs):
    """Slopes by bandwidth; a short bar above each rule with divisions, where they end its slope."""
    for level, bandwidth in content["bandwidth"].items():
        ax.plot(xs, [bandwidth * x for x in xs], color="#6c6c74", linestyle=_LINES[level], linewidth=1.3)
    roofs = "\n".join(f"{level}: {bandwidth:.0f} GB/s" for level, bandwidth in content["bandwidth"].items())
    ax.text(0.97, 0.03, roofs, transform=ax.transAxes, ha="right", va="bottom", fontsize=8.5)
    for optimizer in dict.fromkeys(p["optimizer"] for p in content["points"] if p["division"]):
        point = next(p for p in content["points"] if p["optimizer"] == optimizer)
        ends = [point["x"] / 1.09, point["x"] * 1.09]
        colour = optimizer_style(optimizer)["color"]
        ax.plot(ends, [point["division"]] * 2, color=colour, linewidth=3, solid_capstyle="butt", zorder=3)


def _handles(data):
    everything = [p for content in data["threads"].values() for p in content["points"]]
    found = {}
    for optimizer in dict.fromkeys(p["optimizer"] for p in everything):
        look = {**optimizer_style(optimizer), "linestyle": "none"}
        found[optimizer_label(optimizer)] = Line2D([], [], markersize=8, **look)
    for level in [x for x in LEVELS if any(p["level"] == x for p in everything)]:
        found[f"in {level}"] = Line2D(
            [],
            [],
            color="#6c6c74",
            linestyle=_LINES[level],
            marker="o",
            markersize=8,
            fillstyle=_FILLS[level],
            markeredgecolor=INK,
        )
    if any(p["division"] for p in everything):
        found["÷ and √ roof"] = Line2D([], [], color=INK, linewidth=3)
    return found
