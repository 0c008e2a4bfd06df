"""Step time against the number of parameters, with the measured ceilings and the cache levels."""

from ..wording.labels import optimizer_label
from .style import count_axis, legend_above, panels, plain_log_axis, series_style

name, part = "step_time", "step"
title = "Time per parameter of one step against the number of parameters"
SHOWN = ("sgd", "sgd_momentum", "adam", "adamw")


def collect(evidence):
    results = evidence.benchmarks
    shown = [o for o in SHOWN if o in results.optimizers] or results.optimizers
    variants = list(dict.fromkeys((c.kernel, c.schedule, c.threads) for c in results.step_cells))
    found = {
        "unit": "ns per parameter",
        "caches": results.caches,
        "variants": [_label(*v) for v in variants],
        "optimizers": {},
    }
    for optimizer in shown:
        cells = [c for c in results.step_cells if c.optimizer == optimizer]
        series = {
            _label(*v): _points([c for c in cells if (c.kernel, c.schedule, c.threads) == v])
            for v in variants
        }
        ceilings = {}
        for threads in sorted({c.threads for c in cells}):
            points = {c.n: results.ceiling(c) for c in cells if c.threads == threads}
            ceilings[str(threads)] = _points([c for c in points.values() if c is not None])
        found["optimizers"][optimizer] = {
            "bytes_per_parameter": cells[0].bytes_per_parameter,
            "footprint_per_parameter": 4 * (cells[0].streams + 1),
            "series": {k: v for k, v in series.items() if v},
            "ceilings": {k: v for k, v in ceilings.items() if v},
        }
    return found if found["optimizers"] else None


def _label(kernel, schedule, threads):
    return f"{kernel}/{schedule}" if threads == 1 else f"{kernel}/{schedule}, {threads} threads"


def _points(cells):
    return [{"n": c.n, **c.time.ends} for c in sorted(cells, key=lambda c: c.n)]


def draw(data):
    chosen = data["optimizers"]
    rows = (len(chosen) + 1) // 2
    figure, axes = panels(rows, min(2, len(chosen)), height=2.7, sharex=True, sharey=True)
    handles = {}
    for i, (optimizer, content) in enumerate(chosen.items()):
        ax = axes.flat[i]
        for position, variant in enumerate(data["variants"]):
            points = content["series"].get(variant)
            if points:
                handles[variant] = _line(ax, points, **series_style(position), markersize=4.5)
        for threads, points in content["ceilings"].items():
            label = "ceiling" if threads == "1" else f"ceiling, {threads} threads"
            width = 5 if threads == "1" else 2.5
            handles[label] = ax.plot(
                [p["n"] for p in points],
                [p["value"] for p in points],
                color="#9a9aa2",
                linewidth=width,
                alpha=0.55,
                zorder=1,
            )[0]
        _axes(ax, data, content, optimizer)
    for ax in list(axes.flat)[len(chosen):]:
        ax.set_axis_off()
    for ax in axes[-1]:
        ax.set_xlabel("parameters")
    for ax in axes[:, 0]:
        ax.set_ylabel("ns per parameter")
    legend_above(figure, handles.values(), handles.keys(), 3)
    return figure


def _line(ax, points, **style):
    """Counts one below another are left out: they are timed for their tails, and lie on the same spot."""
    counts = {p["n"] for p in points}
    points = [p for p in points if p["n"] + 1 not in counts]
    low = [p["value"] - p["low"] for p in points]
    high = [p["high"] - p["value"] for p in points]
    return ax.errorbar(
        [p["n"] for p in points],
        [p["value"] for p in points],
        yerr=[low, high],
        capsize=2,
        elinewidth=0.8,
        linewidth=1.4,
        **style,
    )


def _limits(data):
    """Around the medians of all panels; a long interval of one cell does not squeeze the others."""
    values = [
        p["value"]
        for content in data["optimizers"].values()
        for table in (content["series"], content["ceilings"])
        for points in table.values()
        for p in points
    ]
    return min(values) / 1.4, max(values) * 1.7


def _axes(ax, data, content, optimizer):
    ax.set_xscale("log")
    ax.set_yscale("log")
    count_axis(ax.xaxis)
    plain_log_axis(ax.yaxis, (1, 3))
    ax.set_ylim(*_limits(data))
    ax.set_title(f"{optimizer_label(optimizer)} ({content['bytes_per_parameter']:.0f} B a parameter)")
    for cache in data["caches"]:
        edge = cache["bytes"] / content["footprint_per_parameter"]
        ax.axvline(edge, color="#8c8c8c", linewidth=0.9, linestyle=(0, (2, 2)), zorder=0)
        ax.annotate(
            f"L{cache['level']}",
            (edge, 1),
            xycoords=("data", "axes fraction"),
            xytext=(-3, -2),
            textcoords="offset points",
            ha="right",
            va="top",
            fontsize=8.5,
        )
