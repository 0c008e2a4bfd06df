"""Step time along a decay without gradients: moments become subnormal, kept or flushed to zero."""

import re

from ..benchmarks.results import order
from ..wording.labels import count_label, optimizer_label
from .style import legend_above, panels, series_style

name, part = "subnormals", "step"
title = "Step time against the steps since the last gradient, with subnormals kept and flushed to zero"
_DECAYED = re.compile(r"/decayed:(?P<steps>\d+)/(?P<mode>keep|flush)$")


def collect(evidence):
    lines = {}
    for cell in sorted(evidence.benchmarks.steps.values(), key=order):
        match = _DECAYED.fullmatch(cell.rest)
        if match is None:
            continue
        key = (cell.optimizer, cell.kernel, cell.schedule, cell.threads, cell.n, match["mode"])
        point = {
            "steps": int(match["steps"]),
            **cell.time.ends,
            **{
                k: v
                for k, v in cell.counters.items()
                if k.startswith(("subnormal_", "changed_", "values_ch"))
            },
        }
        lines.setdefault(key, []).append(point)
    names = ("optimizer", "kernel", "schedule", "threads", "n", "mode")
    found = [
        {**dict(zip(names, key)), "points": sorted(points, key=lambda p: p["steps"])}
        for key, points in lines.items()
    ]
    return {"unit": "ns per parameter", "lines": found} if found else None


def draw(data):
    """A row for each kernel, a column for each optimizer."""
    kernels = list(dict.fromkeys(line["kernel"] for line in data["lines"]))
    kernels.sort(key=lambda k: not k.startswith("xsimd"))
    optimizers = list(dict.fromkeys(line["optimizer"] for line in data["lines"]))
    figure, axes = panels(len(kernels), len(optimizers), height=2.1, sharex=True)
    handles = {}
    steps = sorted({p["steps"] for line in data["lines"] for p in line["points"]})
    for row, kernel in zip(axes, kernels):
        for ax, optimizer in zip(row, optimizers):
            lines = [x for x in data["lines"] if (x["kernel"], x["optimizer"]) == (kernel, optimizer)]
            _panel(ax, lines, steps, handles)
            ax.set_title(f"{optimizer_label(optimizer)}, {kernel}")
        row[0].set_ylabel("ns per parameter")
    for ax in axes[-1]:
        ax.set_xlabel("steps without gradients")
    legend_above(figure, handles.values(), handles.keys(), 4)
    return figure


def _panel(ax, lines, steps, handles):
    """Points lie at equal distances: they crowd where moments turn subnormal."""
    series = [(s, m) for s in ("serial", "tbb") for m in ("keep", "flush")]
    for line in sorted(lines, key=lambda x: series.index((x["schedule"], x["mode"]))):
        points = line["points"]
        threads = "1 thread" if line["threads"] == 1 else f"{line['threads']} threads"
        handles[f"{line['mode']}, {threads}"] = ax.errorbar(
            [steps.index(p["steps"]) for p in points],
            [p["value"] for p in points],
            [[p["value"] - p["low"] for p in points], [p["high"] - p["value"] for p in points]],
            markersize=4,
            linewidth=1.4,
            **series_style(series.index((line["schedule"], line["mode"]))),
        )
    ax.set_xticks(range(len(steps)), [count_label(s) if s else "0" for s in steps], rotation=90, fontsize=8)
    ax.set_ylim(bottom=0)
