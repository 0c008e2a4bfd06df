"""The horizon ladder: final validation loss of runs of several lengths, each with its own cosine, and the
target."""

import math
import statistics

from ..rankings import across_workloads
from ..wording.labels import count_label, optimizer_label, panel_title
from .style import INK, NullLocator, fitted_log_axis, legend_above, optimizer_style, panels

name, part = "ladder", "ranking"
title = (
    "The horizon ladder: final validation loss against the length of the run (warm-up and cosine to 0),"
    " median and range over seeds"
)
COLUMNS = 3


def collect(evidence):
    found = []
    families = across_workloads.families(across_workloads.cosine(evidence.rankings))
    for ranking in (r for some in families.values() for r in some):
        arms = {a.id: [_rung(rung) for rung in a.rungs] for a in ranking.arms.values() if len(a.rungs) > 1}
        if arms:
            found.append({
                "problem": ranking.name,
                "parameters": ranking.parameters,
                "target": ranking.goals.get(across_workloads.GOAL),
                "arms": arms,
            })
    return {"unit": "final validation loss", "problems": found} if found else None


def _rung(rung):
    """Losses of one horizon; a diverged seed has none, and is counted."""
    finite = [x for x in rung["finals"] if x is not None and math.isfinite(x)]
    seeds = len(rung["finals"])
    found = {"horizon": rung["horizon"], "seeds": seeds, "diverged": seeds - len(finite)}
    if finite:
        found.update(median=statistics.median(finite), low=min(finite), high=max(finite))
    return found


def draw(data):
    problems = data["problems"]
    columns = min(COLUMNS, len(problems))
    figure, axes = panels(-(-len(problems) // columns), columns, height=2.4)
    handles = {}
    for ax, problem in zip(axes.flat, problems):
        _panel(ax, problem, handles)
    for ax in list(axes.flat)[len(problems):]:
        ax.set_axis_off()
    for ax in axes[:, 0]:
        ax.set_ylabel("final validation loss")
    if "target" in handles:
        handles["target"] = handles.pop("target")
    legend_above(figure, handles.values(), handles.keys(), 5)
    return figure


def _panel(ax, problem, handles):
    horizons = sorted({r["horizon"] for rungs in problem["arms"].values() for r in rungs})
    for k, (optimizer, rungs) in enumerate(problem["arms"].items()):
        shown = [r for r in rungs if "median" in r]
        if not shown:
            continue
        # side by side, so that ranges do not hide each other
        shift = 1 + 0.035 * (k - (len(problem["arms"]) - 1) / 2)
        middle = [r["median"] for r in shown]
        handles[optimizer_label(optimizer)] = ax.errorbar(
            [r["horizon"] * shift for r in shown],
            middle,
            yerr=[[r["median"] - r["low"] for r in shown], [r["high"] - r["median"] for r in shown]],
            capsize=2,
            elinewidth=1,
            **{**optimizer_style(optimizer), "linewidth": 1.3, "markersize": 4.5},
        )
    if problem["target"] is not None:
        handles["target"] = ax.axhline(problem["target"], color=INK, linewidth=1, linestyle=(0, (2, 2)))
    ax.set_xscale("log")
    ax.set_yscale("log")
    fitted_log_axis(ax.yaxis, *ax.get_ylim())
    ax.set_xticks(horizons, [count_label(h) for h in horizons])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xlabel("steps of the run")
    ax.set_title(panel_title(problem), fontsize=9.5)
