"""Updates and loss of Adam without one or both bias corrections, relative to Adam with both."""

import math

from ..wording.labels import workload_label
from .style import INK, legend_above, panels, plain_log_axis, series_style

name, part = "bias_correction", "bias_correction"
title = "Adam without bias corrections, relative to Adam: mean over seeds, band from lowest to highest"
ARMS = {"none": "neither corrected", "v": "only v corrected", "m": "only m corrected"}
RATE = 1e-3  # the default, of the three that were run


def collect(evidence):
    """The largest network's cells at the default rate."""
    outcomes = evidence.outcomes("bias_correction")
    if not outcomes:
        return None
    found = max(outcomes.values(), key=lambda o: o["parameters"])
    return {
        "unit": "ratio to Adam with both corrections",
        "problem": f"{workload_label(found['workload'])}/{found['size']}",
        "lr": RATE,
        "loss_at": found["loss_at"],
        "panels": [
            {
                "beta2": cell["beta2"],
                "arms": {arm: _ratios(cell["arms"][arm], cell["arms"]["both"]) for arm in ARMS},
            }
            for cell in found["cells"]
            if cell["lr"] == RATE
        ],
    }


_KINDS = ("update_norm", "loss")


def _ratios(mine, both):
    return {kind: _bands(mine[kind], both[kind]) for kind in _KINDS}


def _bands(mine, both):
    """[lowest, geometric mean, highest] ratio over seeds, by position; None where a trial had ended."""
    bands = []
    for i in range(min(len(row) for row in both)):
        ratios = [a[i] / b[i] for a, b in zip(mine, both) if i < len(a) and a[i] and b[i]]
        if len(ratios) < len(both) or not all(map(math.isfinite, ratios)):
            bands.append(None)
            continue
        middle = math.exp(sum(map(math.log, ratios)) / len(ratios))
        bands.append([min(ratios), middle, max(ratios)])
    return bands


def draw(data):
    figure, axes = panels(2, len(data["panels"]), height=2.35, sharey="row")
    handles = {}
    for (top, bottom), panel in zip(axes.T, data["panels"]):
        for i, (arm, label) in enumerate(ARMS.items()):
            norms, losses = (panel["arms"][arm][kind] for kind in _KINDS)
            handles[label] = _line(top, range(1, len(norms) + 1), norms, i, markevery=15)
            _line(bottom, data["loss_at"], losses, i)
        for ax in (top, bottom):
            ax.axhline(1, color=INK, linewidth=1, linestyle=(0, (2, 2)))
            ax.set(xscale="log", yscale="log")
            plain_log_axis(ax.xaxis, (1, 3))
        plain_log_axis(top.yaxis, (1,))
        top.set_title(f"β2 = {panel['beta2']:g}")
        top.set_xlabel("step t")
        bottom.set_xlabel("steps taken")
        plain_log_axis(bottom.yaxis, (1, 1.2, 1.5, 2, 3, 5, 7, 8, 9))
    axes[0][0].set_ylabel("norm of the update")
    axes[1][0].set_ylabel("validation loss")
    figure.suptitle(f"{data['problem']}, learning rate {data['lr']:g}, relative to Adam", fontsize=10)
    legend_above(figure, handles.values(), handles.keys(), 3)
    return figure


def _line(ax, steps, bands, position, **options):
    points = [(step, *band) for step, band in zip(steps, bands) if band is not None]
    if not points:
        return ax.plot([], [], **series_style(position))[0]
    xs, lows, middles, highs = zip(*points)
    style = series_style(position)
    ax.fill_between(xs, lows, highs, color=style["color"], alpha=0.2, linewidth=0)
    return ax.plot(xs, middles, markersize=4.5, **options, **style)[0]
