"""Memory per parameter: the rule's model beside what was measured, stacked."""

from matplotlib.ticker import MultipleLocator

from ..wording.labels import optimizer_label
from .style import legend_above, panels

name, part = "memory", "memory"
title = (
    "Memory per parameter in bytes: model (left bar), measured (middle), and the peak of a step that"
    " allocates every result (right)"
)
_PARTS = (("parameters", "#0072B2", ""), ("gradients", "#E69F00", "|||"), ("state", "#009E73", "///"))


def collect(evidence):
    """The largest measured size of each optimizer, of the form with temporaries too; measured state is
    resident growth on creation."""
    rows, peaks = _largest(evidence.benchmarks.memory), _largest(evidence.benchmarks.temporaries)
    bars = []
    for optimizer, row in rows.items():
        n = row["n"]
        state = row["resident_growth_bytes"] / n
        rest = max(0.0, row["resident_total_growth_bytes"] / n - state)
        bars.append(
            {
                "optimizer": optimizer,
                "n": n,
                "model": {"parameters": 4.0, "gradients": 4.0, "state": row["model_state_bytes"] / n},
                "accounted": {
                    "parameters": row["accounted_parameter_bytes"] / n,
                    "gradients": row["accounted_gradient_bytes"] / n,
                    "state": row["accounted_state_bytes"] / n,
                },
                "measured": {"parameters and gradients": rest, "state": state},
                "peak": _peak(peaks.get(optimizer)),
            }
        )
    return {"unit": "bytes per parameter", "bars": bars} if bars else None


def _largest(rows):
    found = {}
    for row in rows:
        if row["optimizer"] not in found or row["n"] > found[row["optimizer"]]["n"]:
            found[row["optimizer"]] = row
    return found


def _peak(row):
    """{"n", "kept": after the step, "temporaries": at its peak besides}; None when it was not
    measured."""
    if row is None:
        return None
    kept, peak = row["resident_total_growth_bytes"] / row["n"], row["resident_peak_growth_bytes"] / row["n"]
    return {"n": row["n"], "kept": kept, "temporaries": max(0.0, peak - kept)}


def draw(data):
    figure, axes = panels(1, 1, height=3.2)
    ax = axes[0, 0]
    handles = {}
    for i, bar in enumerate(data["bars"]):
        model = [(label, bar["model"][label], color, hatch) for label, color, hatch in _PARTS]
        _stack(ax, i - 0.28, model, handles)
        measured = bar["measured"]
        rest = ("measured parameters and gradients", measured["parameters and gradients"], "#9a9aa2", "xx")
        _stack(ax, i, [rest, ("measured state", measured["state"], "#CC79A7", "\\\\\\")], handles)
        if bar["peak"] is not None:
            kept = ("kept by the step with temporaries", bar["peak"]["kept"], "#c9c9ce", "")
            temporaries = ("its temporaries at the peak", bar["peak"]["temporaries"], "#56B4E9", "ooo")
            _stack(ax, i + 0.28, [kept, temporaries], handles)
    ax.set_xticks(range(len(data["bars"])), [optimizer_label(b["optimizer"]) for b in data["bars"]])
    ax.grid(axis="x", visible=False)
    ax.yaxis.set_major_locator(MultipleLocator(4))
    ax.set_ylabel("bytes per parameter")
    legend_above(figure, handles.values(), handles.keys(), 3)
    return figure


def _stack(ax, place, blocks, handles):
    """`blocks`: (label, height, color, hatch) from the bottom up; the total above them."""
    bottom = 0.0
    for label, height, color, hatch in blocks:
        handles[label] = ax.bar(
            place, height, 0.26, bottom=bottom, color=color, hatch=hatch, edgecolor="#fefefd", linewidth=0.4
        )
        bottom += height
    ax.text(place, bottom, f"{bottom:.4g}", ha="center", va="bottom", fontsize=8.5)
