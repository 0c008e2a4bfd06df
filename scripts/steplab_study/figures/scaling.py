"""What threads give: speed-up over one thread, and the share of the bare stream that has the same shape
and as many threads."""

from ..statistics.intervals import median_paired_ratio
from ..wording.labels import count_label, optimizer_label
from .style import PAPER, legend_above, optimizer_style, panels

name, part = "scaling", "step"
title = "Speed-up over one thread, and share of the bare stream with as many threads (hollow: oversubscribed)"
_LEVELS = ("L2", "L3", "memory")


def collect(evidence):
    results = evidence.benchmarks
    lines = []
    for optimizer in results.optimizers:
        for level in _LEVELS:
            candidates = [_points(results, optimizer, n) for n in _sizes(results, optimizer, level)]
            n, points = max(candidates, key=lambda c: (len(c[1]), _timed(results, c[0])), default=(0, []))
            if len(points) > 1:
                lines.append({"optimizer": optimizer, "level": level, "n": n, "points": points})
    allowed = results.machine.get("threads_allowed")
    return {"unit": "speed-up", "threads_allowed": allowed, "lines": lines} if lines else None


def _timed(results, n):
    """How many cells there are of that size: all optimizers are shown at the one that has most."""
    return sum(c.n == n for c in results.step_cells)


def _sizes(results, optimizer, level):
    cells = [c for c in results.step_cells if c.optimizer == optimizer and c.schedule == "serial"]
    return sorted({c.n for c in cells if results.level_of(c, 1) == level})


def _points(results, optimizer, n):
    """(n, points over threads) of the kernel that this machine picks; those with more threads than
    allowed last."""
    serial = results.best(optimizer, n)
    if serial is None or serial.schedule != "serial":
        return n, []
    cells = [
        c
        for c in results.steps.values()
        if (c.optimizer, c.kernel, c.n, c.tensors) == (optimizer, serial.kernel, n, 1)
        and c.rest in ("", "/oversubscribed")
        and (c.schedule == "tbb" and c.threads > 1 or c is serial)
    ]
    points = [_point(results, cell, serial) for cell in sorted(cells, key=lambda c: c.threads)]
    return n, [p for p in points if p is not None]


def _point(results, cell, serial):
    speed_up = median_paired_ratio(serial.by_round, cell.by_round)
    ceiling = results.ceiling(cell)
    share = ceiling and median_paired_ratio(ceiling.by_round, cell.by_round)
    if speed_up is None:
        return None
    return {
        "threads": cell.threads,
        "oversubscribed": bool(cell.rest),
        "speed_up": [speed_up.value, speed_up.low, speed_up.high],
        "share": share and [share.value, share.low, share.high],
    }


def draw(data):
    levels = [x for x in _LEVELS if any(line["level"] == x for line in data["lines"])]
    figure, axes = panels(2, len(levels), height=2.2, sharex=True)
    handles = {}
    for column, level in enumerate(levels):
        lines = [line for line in data["lines"] if line["level"] == level]
        for row, key in enumerate(("speed_up", "share")):
            for line in lines:
                handles[optimizer_label(line["optimizer"])] = _line(axes[row, column], line, key)
        most = max(p["threads"] for line in lines for p in line["points"])
        ticks = sorted({p["threads"] for line in lines for p in line["points"]})
        axes[0, column].set_ylim(0, None)
        shares = [p["share"][0] for line in lines for p in line["points"] if p["share"]]
        axes[1, column].set_ylim(0, 1.1 * max([1, *shares]))
        axes[1, column].set_xticks(ticks)
        axes[1, column].set_xlim(0.8, most + 0.2)
        axes[1, column].set_xlabel("threads")
        where = "memory" if level == "memory" else f"the {level} cache"
        sizes = " or ".join(dict.fromkeys(count_label(line["n"]) for line in lines))
        axes[0, column].set_title(f"in {where}\n({sizes} parameters)")
    axes[0, 0].set_ylabel("speed-up")
    axes[1, 0].set_ylabel("share of the stream")
    legend_above(figure, handles.values(), handles.keys(), 5)
    return figure


def _line(ax, line, key):
    points = [p for p in line["points"] if p[key]]
    style = optimizer_style(line["optimizer"])
    values = [p[key][0] for p in points]
    errors = [[p[key][0] - p[key][1] for p in points], [p[key][2] - p[key][0] for p in points]]
    handle = ax.errorbar([p["threads"] for p in points], values, errors, **style)
    for p in points:
        if p["oversubscribed"]:
            ax.plot(
                p["threads"],
                p[key][0],
                marker=style["marker"],
                color=style["color"],
                markerfacecolor=PAPER,
                zorder=5,
            )
    return handle
