"""Share of the tighter limit that each variant reaches, by the cache level that a step's bytes lie in."""

from ..wording.labels import count_label, optimizer_label
from .bars import draw_bars
from .style import INK, legend_above, panels

name, part = "share_of_ceiling", "step"
title = "Share of the tighter limit (bandwidth, or division and square root) that each variant reaches"


def collect(evidence):
    """Every level: all kernels on one thread, and with all threads where a step runs on them."""
    results = evidence.benchmarks
    found = {"unit": "share of the tighter limit", "levels": []}
    for level, cells_of in results.by_level().items():
        bars = [_bar(results, c) for cells in cells_of.values() for c in cells if _shown(c)]
        bars = [b for b in bars if b is not None]
        if bars:
            found["levels"].append({"level": level, "bars": bars})
    return found if found["levels"] else None


def _shown(cell):
    return cell.threads == 1 or cell.threads_running > 1


def _bar(results, cell):
    share, limit = results.share(cell)
    if share is None:
        return None
    return {
        "optimizer": cell.optimizer,
        "variant": cell.variant if cell.threads == 1 else f"{cell.variant}, {cell.threads} threads",
        "n": cell.n,
        "limit": limit,
        **share.ends,
    }


def draw(data):
    figure, axes = panels(len(data["levels"]), 1, height=2.0)
    series = list(dict.fromkeys(b["variant"] for level in data["levels"] for b in level["bars"]))
    handles = {}
    for ax, level in zip(axes.flat, data["levels"]):
        optimizers = list(dict.fromkeys(b["optimizer"] for b in level["bars"]))
        draw_bars(ax, level["bars"], optimizers, "optimizer", series, "variant", handles)
        ax.axhline(1, color=INK, linewidth=1)
        ax.set_xticks(range(len(optimizers)), [optimizer_label(o) for o in optimizers])
        ax.set_ylabel("share of the limit")
        ax.set_ylim(0, 1.12 * max(1, *(b["value"] for b in level["bars"])))
        sizes = sorted({b["n"] for b in level["bars"]})
        where = "memory" if level["level"] == "memory" else f"the {level['level']} cache"
        ax.set_title(f"in {where}: {' or '.join(count_label(n) for n in sizes)} parameters")
    legend_above(figure, handles.values(), handles.keys(), 3)
    return figure
