"""Decay share and effective rate of parameters whose gradients differ in size: Adam with L2, AdamW, SGD-M."""

from statistics import median

from ..wording.labels import optimizer_label
from .style import legend_above, panels, plain_log_axis, series_style

name, part = "decay_share", "updates"
title = "Weight decay and effective learning rate against the size of a zero-mean gradient: median over seeds"
DECAY_LABELS = {"adam": "Adam with L2", "adamw": "AdamW"}


def collect(evidence):
    found = evidence.outcomes("updates")
    if not {"decay_share", "scale"} <= found.keys():
        return None
    decay, scale = found["decay_share"], found["scale"]
    return {
        "unit": "share of the initial value; updates over gradients",
        "rms": decay["rms"],
        "steps": decay["steps"],
        "lr": decay["lr"],
        "decay": [
            {"rule": a["rule"], "weight_decay": a["weight_decay"], "share": _middle(a["shares"])}
            for a in decay["arms"]
        ],
        "rate": {arm: _middle(found["rates"]) for arm, found in scale["arms"].items()},
        "rate_lr": scale["lr"],
    }


def _middle(rows):
    """Median over seeds, by coordinate."""
    return [median(column) for column in zip(*rows)]


def draw(data):
    figure, ((left, right),) = panels(1, 2, height=3.0)
    handles = {}
    for i, arm in enumerate(data["decay"]):
        label = f"{DECAY_LABELS[arm['rule']]}, decay {arm['weight_decay']:g}"
        handles[label] = left.plot(data["rms"], arm["share"], **series_style(i))[0]
    for i, (arm, rates) in enumerate(data["rate"].items(), start=len(data["decay"])):
        label = f"{optimizer_label(arm)} (right)"
        handles[label] = right.plot(data["rms"], rates, **series_style(i))[0]
    left.set_ylabel(f"share decayed in {data['steps']} steps")
    left.set_title(f"weight decay, learning rate {data['lr']:g}")
    right.set_ylabel("RMS of updates / RMS of gradients")
    right.set_title(f"effective rate, learning rate {data['rate_lr']:g}")
    for ax in (left, right):
        ax.set(xscale="log", yscale="log", xlabel="RMS of the gradient")
        plain_log_axis(ax.xaxis, (1,))
        plain_log_axis(ax.yaxis, (1,))
    legend_above(figure, handles.values(), handles.keys(), 3)
    return figure
