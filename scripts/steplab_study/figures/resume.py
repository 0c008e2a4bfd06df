"""Excess training loss after a restart with a part of the optimizer's state, and after a switch of the
data."""

from ..statistics.intervals import t_interval
from ..wording.labels import optimizer_label, workload_label
from .style import INK, legend_above, panels, series_style

name, part = "resume", "resume"
title = "Excess training loss after a restart without a part of the state: mean over seeds, 95 % interval"
KEEPS = {"none": "without state", "no_moments": "without m and v", "no_count": "without step count"}
FACTORS = {"1": "same learning rate", "0.1": "a tenth of the rate"}
SERIES = (
    ("adam", "none"), ("adam", "no_moments"), ("adam", "no_count"), ("sgd_momentum", "none"),
)


def collect(evidence):
    """A row of panels for each network, and one for the switches of the data under the largest."""
    rows, switches = [], {}
    for key, outcome in evidence.outcomes("resume").items():
        problem = f"{workload_label(outcome['workload'])}/{outcome['size']}"
        found = outcome["optimizers"]
        if key.startswith("switch "):
            series = [_series(o, "none", arms["reset"], arms["keep"]) for o, arms in found.items()]
            switches.setdefault(problem, []).append(_panel(f"{problem}, {outcome['switch']}", series))
            continue
        panels = []
        for factor, label in FACTORS.items():
            arms = {optimizer: arms["factors"][factor] for optimizer, arms in found.items()}
            series = [_series(o, keep, arms[o][keep], arms[o]["all"]) for o, keep in SERIES if o in arms]
            panels.append(_panel(f"{problem}, {label}", series))
        rows.append({"window": outcome["window"], "panels": panels})
    if rows and switches:
        rows.append({"window": rows[0]["window"], "panels": [*switches.values()][-1]})
    return {"unit": "percent of the loss with the whole state", "rows": rows} if rows else None


def _panel(title, series):
    return {"title": title, "series": [s for s in series if s]}


def _series(optimizer, keep, mine, base):
    """By window: [low, mean, high] of the paired excess in percent."""
    windows = min(len(row) for row in (*mine, *base))
    bands = []
    for i in range(windows):
        found = t_interval([100 * (a[i] / b[i] - 1) for a, b in zip(mine, base)])
        bands.append([found.low, found.value, found.high] if found.count > 1 else [found.value] * 3)
    return {"optimizer": optimizer, "keep": keep, "bands": bands} if bands else None


def draw(data):
    columns = max(len(row["panels"]) for row in data["rows"])
    figure, axes = panels(len(data["rows"]), columns, height=2.1)
    handles = {}
    for row_axes, row in zip(axes, data["rows"]):
        for ax, panel in zip(row_axes, row["panels"]):
            for series in panel["series"]:
                position = SERIES.index((series["optimizer"], series["keep"]))
                label = f"{optimizer_label(series['optimizer'])} {KEEPS[series['keep']]}"
                handles[label] = _line(ax, series["bands"], row["window"], position)
            ax.axhline(0, color=INK, linewidth=1, linestyle=(0, (2, 2)))
            ax.set_title(panel["title"], fontsize=9.5)
        for ax in row_axes[len(row["panels"]):]:
            ax.set_axis_off()
        row_axes[0].set_ylabel("excess loss in %")
    for ax in axes[-1]:
        ax.set_xlabel("steps after the restart")
    legend_above(figure, handles.values(), handles.keys(), 2)
    return figure


def _line(ax, bands, window, position):
    """Each point stands at the middle of its window."""
    steps = [(i + 0.5) * window for i in range(len(bands))]
    style = series_style(position)
    lows, middles, highs = zip(*bands)
    ax.fill_between(steps, lows, highs, color=style["color"], alpha=0.16, linewidth=0)
    return ax.plot(steps, middles, markersize=4.5, **style)[0]
