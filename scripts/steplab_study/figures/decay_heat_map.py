"""Validation accuracy over learning rate and weight decay, for L2 in Adam and for AdamW."""

from matplotlib.patches import Rectangle

from ..wording.labels import workload_label
from .style import INK, PAPER, panels

name, part = "decay_heat_map", "decay"
title = "Final validation accuracy over learning rate and weight decay; the choice is framed"
ARMS = {"adam_l2": "Adam with L2", "adamw": "AdamW"}


def collect(evidence):
    cases = []
    for outcome in evidence.outcomes("decay").values():
        arms = {arm: _table(outcome["arms"][arm]) for arm in ARMS}
        cases.append({"problem": f"{workload_label(outcome['workload'])}/{outcome['size']}", "arms": arms})
    return {"unit": "validation accuracy in percent", "cases": cases} if cases else None


def _table(arm):
    """Rows by decay, columns by rate, accuracy in percent."""
    rates = sorted({row["lr"] for row in arm["grid"]})
    decays = sorted({row["weight_decay"] for row in arm["grid"]})
    found = {(row["lr"], row["weight_decay"]): 100 * row["accuracy"] for row in arm["grid"]}
    choice = arm["choice"]
    return {
        "lr": rates,
        "weight_decay": decays,
        "accuracy": [[found[lr, decay] for lr in rates] for decay in decays],
        "choice": [rates.index(choice["lr"]), decays.index(choice["weight_decay"])],
    }


def draw(data):
    cases = data["cases"]
    figure, axes = panels(len(cases), len(ARMS), height=2.9)
    for row, case in zip(axes, cases):
        values = [v for table in case["arms"].values() for line in table["accuracy"] for v in line]
        high = max(values)
        low = max(min(values), high - 8)  # what failed altogether would flatten the colours of the rest
        for ax, (arm, label) in zip(row, ARMS.items()):
            image = _heat(ax, case["arms"][arm], low, high)
            ax.set_title(f"{case['problem']}, {label}")
        row[0].set_ylabel("weight decay")
        bar = figure.colorbar(image, ax=list(row), pad=0.02, extend="min" if min(values) < low else "neither")
        bar.set_label("accuracy in %")
    for ax in axes[-1]:
        ax.set_xlabel("learning rate")
    return figure


def _heat(ax, table, low, high):
    image = ax.imshow(table["accuracy"], origin="lower", cmap="cividis", vmin=low, vmax=high, aspect="auto")
    ax.set_xticks(range(len(table["lr"])), [f"{lr:.2g}" for lr in table["lr"]], fontsize=8)
    ax.set_yticks(range(len(table["weight_decay"])), [f"{d:.2g}" for d in table["weight_decay"]])
    ax.grid(False)
    ax.spines[:].set_visible(False)
    for y, line in enumerate(table["accuracy"]):
        for x, value in enumerate(line):
            color = PAPER if value < (low + high) / 2 else INK
            ax.text(x, y, f"{value:.1f}", ha="center", va="center", fontsize=8.5, color=color)
    x, y = table["choice"]
    ax.add_patch(Rectangle((x - 0.46, y - 0.46), 0.92, 0.92, fill=False, linewidth=2.5, edgecolor="#D55E00"))
    return image
