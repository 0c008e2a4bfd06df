"""The best learning rate against the batch size."""

import math

from ..statistics.intervals import geometric_interval
from ..wording.labels import optimizer_label, problem_label
from .style import INK, legend_above, optimizer_style, panels, plain_log_axis

name, part = "batch_size", "batch_size"
title = (
    "Best constant learning rate against the batch size at equal epochs: geometric mean and 95 % interval "
    "over seeds"
)


def collect(evidence):
    problems = {}
    for outcome in evidence.outcomes("batch_size").values():
        problems.setdefault(problem_label(outcome["problem"]), {})[outcome["arm"]] = [
            _point(batch, rates) for batch, rates in zip(outcome["batches"], outcome["best"])
        ]
    return {"unit": "learning rate", "problems": problems} if problems else None


def _point(batch, rates):
    known = [rate for rate in rates if rate is not None]
    found = geometric_interval(known) if len(known) > 1 else None
    if found is None:
        return {"batch": batch, "rate": known[0] if known else None, "low": None, "high": None}
    return {"batch": batch, "rate": found.value, "low": found.low, "high": found.high}


def draw(data):
    problems = data["problems"]
    figure, axes = panels(1, len(problems), height=3.0)
    handles = {}
    for ax, (problem, arms) in zip(axes.flat, problems.items()):
        for arm, points in arms.items():
            points = [p for p in points if p["rate"] is not None]
            handles[optimizer_label(arm)] = _line(ax, arm, points)
            _guides(ax, points, handles)
        ax.set_xscale("log", base=2)
        ax.set_yscale("log")
        ax.xaxis.set_major_formatter(lambda v, _: f"{v:g}")
        plain_log_axis(ax.yaxis, (1, 3))
        ax.set_title(problem)
        ax.set_xlabel("batch size")
    axes[0][0].set_ylabel("best learning rate")
    legend_above(figure, handles.values(), handles.keys(), 4)
    return figure


def _line(ax, arm, points):
    error = [
        [p["rate"] - p["low"] if p["low"] else 0 for p in points],
        [p["high"] - p["rate"] if p["high"] else 0 for p in points],
    ]
    batches, rates = [p["batch"] for p in points], [p["rate"] for p in points]
    return ax.errorbar(batches, rates, error, capsize=3, elinewidth=1.2, **optimizer_style(arm))


def _guides(ax, points, handles):
    """Proportional growth and a square root through the middle of the measured points."""
    if not points:
        return
    ends = [points[0]["batch"], points[-1]["batch"]]
    middle = math.exp(sum(math.log(p["rate"]) for p in points) / len(points))
    centre = math.sqrt(ends[0] * ends[1])
    for power, name, dash in ((1, "∝ batch", (0, (1, 2))), (0.5, "∝ √batch", (0, (5, 3)))):
        guide = [middle * (end / centre) ** power for end in ends]
        handles[name] = ax.plot(ends, guide, color=INK, linewidth=0.9, linestyle=dash)[0]
