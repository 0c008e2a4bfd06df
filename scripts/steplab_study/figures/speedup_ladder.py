"""The ladder of baselines: how many times as fast as `temporaries` each form of the same step is, beside
what its bytes predict."""

from matplotlib.lines import Line2D

from ..benchmarks import fusing_ladder
from ..wording.labels import count_label, optimizer_label
from .style import HATCHES, INK, PAPER, panels, plain_log_axis, series_style

name, part = "speedup_ladder", "step"
title = "Speed of each form of the same step relative to temporaries, measured and as its bytes predict"


def collect(evidence):
    found = [
        {
            "optimizer": optimizer,
            "n": n,
            "level": evidence.benchmarks.level_of(ladder[-1]["cell"], 1),
            "rungs": [
                {
                    "label": r["label"],
                    "bytes": r["bytes"],
                    "predicted": r["predicted"],
                    **r["speedup"].ends,
                }
                for r in ladder
            ],
        }
        for (optimizer, n), ladder in fusing_ladder.ladders(evidence.benchmarks).items()
    ]
    return {"unit": "time of temporaries / time", "ladders": found} if found else None


def draw(data):
    sizes = list(dict.fromkeys(ladder["n"] for ladder in data["ladders"]))
    optimizers = list(dict.fromkeys(ladder["optimizer"] for ladder in data["ladders"]))
    figure, axes = panels(len(sizes), len(optimizers), height=2.5, sharey="row")
    for i, n in enumerate(sizes):
        for j, optimizer in enumerate(optimizers):
            ladder = next((x for x in data["ladders"] if (x["n"], x["optimizer"]) == (n, optimizer)), None)
            if ladder is None:
                axes[i, j].set_axis_off()
                continue
            _draw_rungs(axes[i, j], ladder)
        axes[i, 0].set_ylabel("times as fast")
    mark = Line2D([], [], color=INK, marker="D", markersize=5, linestyle="none", markerfacecolor=PAPER)
    bar = axes[0, 0].patches[0]
    figure.legend(
        [bar, mark],
        ["measured, 95 % interval", "predicted from bytes"],
        loc="lower center",
        ncol=2,
        bbox_to_anchor=(0.5, 1.0),
        borderaxespad=0.2,
    )
    return figure


def _draw_rungs(ax, ladder):
    rungs_of = ladder["rungs"]
    places = range(len(rungs_of))
    for place, rung in zip(places, rungs_of):
        position = fusing_ladder.LABELS.index(rung["label"])
        ax.bar(
            place,
            rung["value"],
            0.72,
            yerr=[[max(0.0, rung["value"] - rung["low"])], [max(0.0, rung["high"] - rung["value"])]],
            color=series_style(position)["color"],
            hatch=HATCHES[position],
            edgecolor=PAPER,
            linewidth=0.4,
            error_kw={"elinewidth": 0.9, "ecolor": INK},
        )
    ax.plot(
        places,
        [r["predicted"] for r in rungs_of],
        color=INK,
        marker="D",
        markersize=5,
        markerfacecolor=PAPER,
        linestyle="none",
        zorder=4,
    )
    ax.set_yscale("log")
    plain_log_axis(ax.yaxis, (1, 2, 5))
    most = max(max(r["high"], r["predicted"]) for r in rungs_of)
    ax.set_ylim(0.6, 1.25 * most)
    ax.set_xticks(places, [r["label"] for r in rungs_of], rotation=35, ha="right", rotation_mode="anchor")
    ax.grid(axis="x", visible=False)
    where = "memory" if ladder["level"] == "memory" else ladder["level"]
    ax.set_title(f"{optimizer_label(ladder['optimizer'])}, {count_label(ladder['n'])} ({where})")
