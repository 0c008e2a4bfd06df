"""Memory per parameter: the rule's model beside what was measured, stacked."""

from matplotlib.ticker import MultipleLocator

from .style import INK, legend_above, optimizer_label, panels

name, part = "memory", "memory"
title = "Memory per parameter: model (left bar) and measured (right bar), in bytes"
_PARTS = (("parameters", "#0072B2", ""), ("gradients", "#E69F00", "|||"), ("state", "#009E73", "///"))


def collect(evidence):
    """The largest measured size of each optimizer; measured state is resident growth on creation."""
    results = evidence.results
    rows = {}
    for row in results.memory:
        if row["optimizer"] not in rows or row["n"] > rows[row["optimizer"]]["n"]:
            rows[row["optimizer"]] = row
    bars = []
    for optimizer, row in rows.items():
        n = row["n"]
        state = row["resident_growth_bytes"] / n
        rest = max(0.0, row["resident_total_growth_bytes"] / n - state)
        bars.append({
            "optimizer": optimizer,
            "n": n,
            "model": {"parameters": 4.0, "gradients": 4.0, "state": row["model_state_bytes"] / n},
            "accounted": {
                "parameters": row["accounted_parameter_bytes"] / n,
                "gradients": row["accounted_gradient_bytes"] / n,
                "state": row["accounted_state_bytes"] / n,
            },
            "measured": {"parameters and gradients": rest, "state": state},
        })
    return {"unit": "bytes per parameter", "bars": bars} if bars else None


def draw(data):
    figure, axes = panels(1, 1, height=3.0)
    ax = axes[0, 0]
    handles = {}
    for i, bar in enumerate(data["bars"]):
        bottom = 0.0
        for label, color, hatch in _PARTS:
            handles[label] = _block(ax, i - 0.2, bar["model"][label], bottom, color, hatch)
            bottom += bar["model"][label]
        ax.text(i - 0.2, bottom, f"{bottom:.4g}", ha="center", va="bottom", fontsize=9)
        rest = bar["measured"]["parameters and gradients"]
        handles["measured parameters and gradients"] = _block(ax, i + 0.2, rest, 0.0, "#9a9aa2", "xx")
        handles["measured state"] = _block(ax, i + 0.2, bar["measured"]["state"], rest, "#CC79A7", "\\\\\\")
        top = rest + bar["measured"]["state"]
        ax.text(i + 0.2, top, f"{top:.4g}", ha="center", va="bottom", fontsize=9)
    ax.set_xticks(range(len(data["bars"])), [optimizer_label(b["optimizer"]) for b in data["bars"]])
    ax.grid(axis="x", visible=False)
    ax.yaxis.set_major_locator(MultipleLocator(4))
    ax.set_ylabel("bytes per parameter")
    legend_above(figure, handles.values(), handles.keys(), 3)
    return figure


def _block(ax, place, height, bottom, color, hatch):
    return ax.bar(
        place,
        height,
        0.36,
        bottom=bottom,
        color=color,
        hatch=hatch,
        edgecolor="#fefefd",
        linewidth=0.4,
        error_kw={"ecolor": INK},
    )
