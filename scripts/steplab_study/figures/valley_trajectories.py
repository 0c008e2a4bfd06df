"""The paths of three optimizers through two dimensions, over the contours of the loss."""

import math

import numpy as np

from ..wording.labels import optimizer_label
from .style import GRID, INK, legend_above, optimizer_style, panels

name, part = "valley_trajectories", "valley"
title = (
    "Paths through a quadratic valley and Rosenbrock's: the learning rate of each optimizer tuned for the "
    "steps shown"
)
LABELS = {"sgd": "SGD", "sgd_momentum": "SGD-M, momentum 0.9"}
MINIMUM = {
    "color": INK,
    "marker": "+",
    "markersize": 11,
    "markeredgewidth": 1.6,
    "linestyle": "",
    "zorder": 5,
}
MARGIN = 0.12  # of the axes beyond the paths


def collect(evidence):
    found = [outcome for key, outcome in evidence.outcomes("valley").items() if key.startswith("path ")]
    return {"unit": "coordinates of x", "paths": found} if found else None


def draw(data):
    count = len(data["paths"])
    figure, axes = panels(count, 1, height=2.9, gridspec_kw={"height_ratios": [1, 1.7][:count]})
    handles = {}
    for ax, problem in zip(axes.flat, data["paths"]):
        _contours(ax, problem)
        for arm, found in problem["arms"].items():
            x, y = np.array(found["path"]).T[_order(problem)]
            style = optimizer_style(arm)
            line = ax.plot(x, y, markersize=3.2, linewidth=1.3, markevery=_sparse(len(x)), **style)[0]
            handles[LABELS.get(arm, optimizer_label(arm))] = line
            ax.plot(x[-1], y[-1], color=style["color"], marker=style["marker"], markersize=8, zorder=4)
        handles["minimum"] = ax.plot(*_minimum(problem), **MINIMUM)[0]
        ax.set_title(_title(problem))
        first, second = np.array(["x₁", "x₂"])[_order(problem)]
        ax.set_xlabel(first)
        ax.set_ylabel(second)
        ax.grid(False)
    legend_above(figure, handles.values(), handles.keys(), 4)
    return figure


def _sparse(count):
    """Every point of the first steps, fewer later: positions of markers."""
    return sorted({round(1.35**i) for i in range(60) if 1.35**i < count - 1} | {0})


def _order(problem):
    """The coordinates drawn across and upwards: a quadratic's flat direction lies across."""
    return [1, 0] if problem["workload"] == "quadratic" else [0, 1]


def _minimum(problem):
    return (0, 0) if problem["workload"] == "quadratic" else (1, 1)


def _title(problem):
    kappa = problem["options"].get("kappa")
    name = f"quadratic, κ = {kappa:g}" if kappa else "Rosenbrock"
    return f"{name}, {problem['steps']} steps"


def _loss(problem, x, y):
    """The workload's formula, at arrays of drawn points."""
    if problem["workload"] == "quadratic":
        return (y**2 + x**2 / problem["options"]["kappa"]) / 2
    return 100 * (y - x**2) ** 2 + (1 - x) ** 2


def _contours(ax, problem):
    paths = [point for arm in problem["arms"].values() for point in arm["path"]]
    points = np.array([*paths, list(_minimum(problem))])[:, _order(problem)]
    low, high = points.min(axis=0), points.max(axis=0)
    low, high = low - MARGIN * (high - low), high + MARGIN * (high - low)
    x, y = np.meshgrid(np.linspace(low[0], high[0], 300), np.linspace(low[1], high[1], 300))
    loss = _loss(problem, x, y)
    start = _loss(problem, *points[0])
    top = max(math.log10(float(loss.max())), math.log10(start))
    levels = np.logspace(math.log10(start) - 3, top, 14)
    ax.contour(x, y, loss, levels=levels, colors=GRID, linewidths=0.9, zorder=0)
    if problem["workload"] == "quadratic":
        ax.set_aspect("equal")
