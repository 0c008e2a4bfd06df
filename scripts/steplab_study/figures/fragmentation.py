"""The same parameters as many tensors: step time against one flat tensor of the same size."""

from ..results import order
from ..stats import ratio_of_medians
from .bars import draw_bars
from .style import INK, count_label, legend_above, optimizer_label, panels

name, part = "fragmentation", "step"
title = "Step time of parameters split into many tensors, relative to one flat tensor of the same size"


def collect(evidence):
    results = evidence.results
    bars = []
    flat = {(c.optimizer, c.variant, c.n, c.threads): c for c in results.step_cells}
    for cell in sorted(results.steps.values(), key=order):
        twin = flat.get((cell.optimizer, cell.variant, cell.n, cell.threads))
        if cell.tensors > 1 and twin is not None:
            ratio = ratio_of_medians(cell.samples, twin.samples)
            bars.append({
                "optimizer": cell.optimizer,
                "variant": cell.variant,
                "threads": cell.threads,
                "n": cell.n,
                "tensors": cell.tensors,
                "group": _group_label(cell),
                "value": ratio.value,
                "low": ratio.low,
                "high": ratio.high,
            })
    return {"unit": "time of many tensors / time of one flat tensor", "bars": bars} if bars else None


def _group_label(cell):
    threads = "" if cell.threads == 1 else f", {cell.threads} threads"
    return f"{cell.tensors} tensors\n{count_label(cell.n)} parameters\n{cell.schedule}{threads}"


def draw(data):
    figure, axes = panels(1, 1, height=2.9)
    ax = axes[0, 0]
    groups = list(dict.fromkeys(b["group"] for b in data["bars"]))
    optimizers = list(dict.fromkeys(b["optimizer"] for b in data["bars"]))
    handles = {}
    draw_bars(ax, data["bars"], groups, "group", optimizers, "optimizer", handles, optimizer_label)
    ax.axhline(1, color=INK, linewidth=1)
    ax.set_xticks(range(len(groups)), groups)
    ax.set_ylabel("time / time of one tensor")
    legend_above(figure, handles.values(), handles.keys(), 5)
    return figure
