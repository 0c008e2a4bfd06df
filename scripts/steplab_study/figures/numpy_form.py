"""How many times as fast as NumPy's form of Adam the compiled ones are, against the number of
parameters."""

from ..studies import numpy_form as study
from .style import INK, SHADE, count_axis, legend_above, panels, plain_log_axis, series_style

name, part = "numpy_form", "numpy_form"
title = "Speed of compiled Adam steps relative to NumPy's form, which allocates every result; 95 % interval"
FORMS = (
    study.STEPLAB,
    study.TORCH,
    study.FUSED,
)  # their positions give colours: the same with and without PyTorch


def collect(evidence):
    outcome = evidence.outcome("numpy_form")
    if outcome is None:
        return None
    points = [
        {
            "form": cell["form"],
            "threads": cell["threads"],
            "n": cell["n"],
            **cell["ratio"].ends,
        }
        for cell in study.ratios(outcome)
    ]
    return {
        "unit": "time of NumPy's form / time",
        "claimed": list(study.CLAIMED),
        "versions": outcome["versions"],
        "points": points,
    }


def draw(data):
    threads = sorted({p["threads"] for p in data["points"]})
    figure, axes = panels(1, len(threads), height=2.9, sharey=True)
    handles = {}
    for ax, count in zip(axes[0], threads):
        handles["claimed range"] = ax.axhspan(*data["claimed"], color=SHADE, zorder=0)
        ax.axhline(1, color=INK, linewidth=1)
        for position, form in enumerate(FORMS):
            points = [p for p in data["points"] if (p["form"], p["threads"]) == (form, count)]
            if points:
                handles[form] = _line(ax, points, position)
        ax.set_xscale("log")
        ax.set_yscale("log")
        count_axis(ax.xaxis)
        plain_log_axis(ax.yaxis, (1,))
        ax.set_ylim(*_limits(data))
        ax.set_title("one thread" if count == 1 else f"{count} threads (NumPy: one)")
        ax.set_xlabel("parameters")
    axes[0, 0].set_ylabel("times as fast as NumPy's form")
    legend_above(figure, handles.values(), handles.keys(), 4)
    return figure


def _line(ax, points, position):
    values = [p["value"] for p in points]
    return ax.errorbar(
        [p["n"] for p in points],
        values,
        yerr=[
            [v - p["low"] for v, p in zip(values, points)],
            [p["high"] - v for v, p in zip(values, points)],
        ],
        capsize=2,
        elinewidth=0.9,
        linewidth=1.5,
        markersize=5,
        **series_style(position),
    )


def _limits(data):
    """Around the values and the claimed range; a long interval of one cell does not squeeze the
    others."""
    values = [p["value"] for p in data["points"]] + data["claimed"]
    return min(values) / 2, max(values) * 2
