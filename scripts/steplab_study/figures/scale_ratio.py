"""Steps of SGD-M over steps of Adam against the ratio of scales."""

import math

from .style import INK, legend_above, panels, plain_log_axis, series_style

name, part = "scale_ratio", "scale_ratio"
title = "Steps of SGD-M ÷ steps of Adam, both tuned, against the ratio of the largest to the smallest scale"
WAYS = {"gradients": "gradients differ", "parameters": "parameters differ", "both": "both differ"}
FRAMES = ("aligned", "rotated")


def collect(evidence):
    outcomes = evidence.outcomes("scale_ratio").values()
    if not outcomes:
        return None
    return {"unit": "steps of SGD-M ÷ steps of Adam", "series": [_series(outcome) for outcome in outcomes]}


def _series(outcome):
    momentum, adam = outcome["arms"]["sgd_momentum"], outcome["arms"]["adam"]
    points = [
        _point(*row) for row in zip(outcome["ratios"], outcome["horizons"], momentum, adam)
    ]
    return {
        "way": outcome["way"],
        "frame": outcome["frame"],
        "points": [point for point in points if point is not None],
    }


def _point(ratio, horizon, momentum, adam):
    """A quotient, or its bound where one of the two did not arrive within the horizon."""
    if math.isinf(momentum) and math.isinf(adam):
        return None
    quotient = min(momentum, horizon) / min(adam, horizon)
    bound = "at most" if math.isinf(adam) else "at least" if math.isinf(momentum) else None
    return {"ratio": ratio, "quotient": quotient, "bound": bound}


def draw(data):
    ways = [way for way in WAYS if any(s["way"] == way for s in data["series"])]
    figure, axes = panels(1, len(ways), height=2.7, sharey=True)
    handles = {}
    for ax, way in zip(axes.flat, ways):
        for found in (s for s in data["series"] if s["way"] == way):
            _line(ax, found, handles)
        handles["equal steps"] = ax.axhline(1, color=INK, linewidth=1, linestyle=(0, (2, 2)))
        ax.set_xscale("log")
        ax.set_yscale("log")
        plain_log_axis(ax.xaxis, (1,))
        plain_log_axis(ax.yaxis, (1, 3))
        ax.set_title(WAYS[way])
        ax.set_xlabel("scale ratio")
    axes[0][0].set_ylabel("SGD-M ÷ Adam")
    legend_above(figure, handles.values(), handles.keys(), 4)
    return figure


def _line(ax, found, handles):
    label = {"aligned": "axis-aligned", "rotated": "rotated"}[found["frame"]]
    style = series_style(FRAMES.index(found["frame"]))
    points = found["points"]
    handles[label] = ax.plot([p["ratio"] for p in points], [p["quotient"] for p in points], **style)[0]
    for point in points:
        if point["bound"]:
            sign = -1 if point["bound"] == "at most" else 1
            ax.annotate(
                "",
                (point["ratio"], point["quotient"] * 10 ** (0.35 * sign)),
                (point["ratio"], point["quotient"]),
                arrowprops={"arrowstyle": "->", "color": style["color"], "linewidth": 1.6},
            )
