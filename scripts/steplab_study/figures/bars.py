"""Grouped bars with intervals, told apart by colour and hatch; what two figures share."""

from .style import HATCHES, INK, PAPER, series_style


def draw_bars(ax, bars, groups, group_key, series, series_key, handles, labels=str):
    """One bar per entry of `bars` at its group's place; groups without a series are closed up.

    `handles` gains {label of the series: a drawn bar} for the legend.
    """
    shown = {g: [s for s in series if any(_is(b, group_key, g, series_key, s) for b in bars)] for g in groups}
    width = 0.84 / max(len(s) for s in shown.values())
    for place, group in enumerate(groups):
        for k, one in enumerate(shown[group]):
            bar = next(b for b in bars if _is(b, group_key, group, series_key, one))
            position = series.index(one)
            handles[labels(one)] = ax.bar(
                place + (k - (len(shown[group]) - 1) / 2) * width,
                bar["value"],
                width * 0.94,
                yerr=[[max(0.0, bar["value"] - bar["low"])], [max(0.0, bar["high"] - bar["value"])]],
                color=series_style(position)["color"],
                hatch=HATCHES[position % len(HATCHES)],
                edgecolor=PAPER,
                linewidth=0.4,
                error_kw={"elinewidth": 0.9, "ecolor": INK},
            )
    ax.set_xlim(-0.5, len(groups) - 0.5)
    ax.grid(axis="x", visible=False)


def _is(bar, group_key, group, series_key, one):
    return bar[group_key] == group and bar[series_key] == one
