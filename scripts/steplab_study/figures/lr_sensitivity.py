"""Final loss against the learning rate, and the near-best band of each optimizer."""

import math

from ..tuning.near_best_band import ends
from ..wording.labels import optimizer_label, problem_label
from .style import legend_above, optimizer_style, panels, plain_log_axis

name, part = "lr_sensitivity", "lr_sensitivity"
title = (
    "Final validation loss against the constant learning rate: mean and range over seeds; bars: rates "
    "whose mean loss is at most 5 % above the lowest"
)
ROOM = 2.2  # losses up to this many times the lowest are drawn
LABELS = {"sgd_momentum": "SGD-M, momentum 0.9", "adamw": "AdamW, warm-up"}


def collect(evidence):
    problems = [
        {
            "problem": problem_label(outcome["problem"]),
            "steps": outcome["steps"],
            "arms": {arm: _arm(found) for arm, found in outcome["arms"].items()},
        }
        for outcome in evidence.outcomes("lr_sensitivity").values()
    ]
    return {"unit": "validation loss", "problems": problems} if problems else None


def _arm(found):
    band = ends(found)
    return {
        "points": [
            {"rate": rate, "low": min(losses), "mean": sum(losses) / len(losses), "high": max(losses)}
            for rate, losses in zip(found["rates"], found["losses"])
            if all(math.isfinite(loss) for loss in losses)
        ],
        "band": band and [10**end for end in band],
    }


def draw(data):
    problems = data["problems"]
    columns = min(2, len(problems))
    figure, axes = panels((len(problems) + columns - 1) // columns, columns, height=2.6)
    handles = {}
    for ax, problem in zip(axes.flat, problems):
        lowest = min(p["mean"] for arm in problem["arms"].values() for p in arm["points"])
        for position, (arm, found) in enumerate(problem["arms"].items()):
            _curve(ax, arm, found, lowest * (0.93 - 0.045 * position), handles)
        ax.set_xscale("log")
        plain_log_axis(ax.xaxis, (1,))
        ax.set_ylim(lowest * 0.75, lowest * ROOM)
        ax.set_title(f"{problem['problem']}, {problem['steps']} steps")
    for ax in list(axes.flat)[len(problems):]:
        ax.set_axis_off()
    for ax in axes[-1]:
        ax.set_xlabel("learning rate")
    for ax in axes[:, 0]:
        ax.set_ylabel("validation loss")
    legend_above(figure, handles.values(), handles.keys(), 4)
    return figure


def _curve(ax, arm, found, height, handles):
    style = optimizer_style(arm)
    rates = [p["rate"] for p in found["points"]]
    line = ax.plot(rates, [p["mean"] for p in found["points"]], markersize=4.5, **style)[0]
    handles[LABELS.get(arm, optimizer_label(arm))] = line
    ax.fill_between(
        rates,
        [p["low"] for p in found["points"]],
        [p["high"] for p in found["points"]],
        color=style["color"],
        alpha=0.2,
        linewidth=0,
    )
    if found["band"]:
        ends = {"color": style["color"], "marker": style["marker"], "markersize": 4.5}
        ax.plot(found["band"], [height, height], linewidth=2.6, linestyle="-", **ends)
