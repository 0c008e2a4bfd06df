"""The same parameters as many tensors: step time against one flat tensor of the same size, round by
round."""

from ..benchmarks.results import order
from ..statistics.intervals import median_interval, median_paired_ratio
from ..wording.labels import count_label, optimizer_label
from .bars import draw_bars
from .style import INK, fitted_log_axis, legend_above, panels

name, part = "fragmentation", "step"
title = "Step time of parameters split into many tensors, relative to one flat tensor of the same size"
PLACEMENTS = {
    "": "owned",
    "/borrowed": "borrowed",
    "/scattered": "scattered",
    "/moving": "owned,\nmoving",
    "/borrowed/moving": "borrowed,\nmoving",
}
NETWORKS = {62: "ResNet-18", 148: "GPT-2 124M", 300: "depthwise-separable", 100_000: "tiny tensors"}


def collect(evidence):
    results = evidence.benchmarks
    bars = []
    split = [c for c in results.steps.values() if c.tensors > 1 and c.rest in PLACEMENTS]
    for cell in sorted(split, key=lambda c: (c.n, c.tensors, order(c), list(PLACEMENTS).index(c.rest))):
        twin = _flat(results, cell)
        if twin is None:
            continue
        ratio = median_paired_ratio(cell.by_round, twin.by_round)
        if ratio is None:
            continue
        bars.append(
            {
                "optimizer": cell.optimizer,
                "variant": cell.variant,
                "threads": cell.threads,
                "n": cell.n,
                "tensors": cell.tensors,
                "placement": PLACEMENTS[cell.rest],
                **ratio.ends,
                "extra": _extra(cell, twin),
                "set_gradient": _set_gradient(results, cell),
            }
        )
    return {"unit": "time of many tensors / time of one flat tensor", "bars": bars} if bars else None


def _flat(results, cell):
    """One flat tensor of the cell's size; with moving gradients where the cell's move."""
    moving = "/moving" if cell.rest.endswith("/moving") else ""
    return results.steps.get(
        f"step/{cell.optimizer}/{cell.kernel}/{cell.schedule}/n:{cell.n}/tensors:1/threads:{cell.threads}"
        f"{moving}"
    )


def _extra(cell, twin):
    """[median, low, high] of the nanoseconds a tensor beyond the elements' own cost."""
    flat = twin.by_round
    found = median_interval(
        [(time - flat[r]) * cell.n / cell.tensors for r, time in cell.by_round.items() if r in flat]
    )
    return [found.value, found.low, found.high]


def _set_gradient(results, cell):
    """Nanoseconds a tensor of the calls that hand over gradients, timed alone; None where none are
    made."""
    control = results.steps.get(
        f"step/{cell.optimizer}/{cell.kernel}/serial/n:{cell.n}/tensors:{cell.tensors}/threads:1{cell.rest}"
        "/set_gradient"
    )
    return control and control.time.value * cell.n / cell.tensors


def draw(data):
    """A row for each list of tensors, a column for each number of threads."""
    lists = list(dict.fromkeys((b["tensors"], b["n"]) for b in data["bars"]))
    schedules = list(dict.fromkeys((b["variant"], b["threads"]) for b in data["bars"]))
    optimizers = list(dict.fromkeys(b["optimizer"] for b in data["bars"]))
    figure, axes = panels(len(lists), len(schedules), height=1.9)
    handles = {}
    for row, (tensors, n) in zip(axes, lists):
        for ax, (variant, threads) in zip(row, schedules):
            bars = [
                b
                for b in data["bars"]
                if (b["tensors"], b["n"], b["variant"], b["threads"]) == (tensors, n, variant, threads)
            ]
            if not bars:
                ax.set_axis_off()
                continue
            _panel(ax, bars, optimizers, handles)
            count = f"{count_label(tensors)} tensors, {count_label(n)} parameters"
            threads_text = "1 thread" if threads == 1 else f"{threads} threads"
            ax.set_title(f"{NETWORKS.get(tensors, 'network')}, {threads_text}\n({count})")
    for ax in axes[:, 0]:
        ax.set_ylabel("time / one tensor's")
    legend_above(figure, handles.values(), handles.keys(), 5)
    return figure


def _panel(ax, bars, optimizers, handles):
    groups = [g for g in PLACEMENTS.values() if any(b["placement"] == g for b in bars)]
    draw_bars(ax, bars, groups, "placement", optimizers, "optimizer", handles, optimizer_label)
    ax.axhline(1, color=INK, linewidth=1)
    ax.set_xticks(range(len(groups)), groups, fontsize=8)
    top = max(b["high"] for b in bars)
    if top > 4:
        ax.set_yscale("log")
        ax.set_ylim(0.7, top * 1.3)
        fitted_log_axis(ax.yaxis, 0.7, top * 1.3)
