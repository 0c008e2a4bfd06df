"""Steps against the condition number, with the fitted exponents."""

import math

from ..statistics.power_laws import exponent_interval
from .style import INK, legend_above, panels, plain_log_axis, series_style

name, part = "condition_number", "valley"
title = (
    "Steps to 10⁻⁴ of the initial loss against the condition number κ of a quadratic; lines axis-aligned, "
    "crosses rotated"
)
LABELS = {
    "gd": "gradient descent, tuned",
    "momentum": "momentum, tuned",
    "momentum_0.9": "momentum 0.9, rate tuned",
}
POWER_LAWS = ("gd", "momentum")  # with 0.9 the steps follow none: κ matters once it exceeds what 0.9 suits


def collect(evidence):
    outcomes = evidence.outcomes("valley")
    frames = {f: outcomes[f"steps {f}"] for f in ("aligned", "rotated") if f"steps {f}" in outcomes}
    if not frames:
        return None
    return {"unit": "steps", "frames": {frame: _series(outcome) for frame, outcome in frames.items()}}


def _series(outcome):
    kappas = outcome["kappas"]
    return {
        arm: {
            "kappas": kappas,
            "steps": [s if math.isfinite(s) else None for s in steps],
            "exponent": _text(exponent_interval(kappas, steps)) if arm in POWER_LAWS else None,
        }
        for arm, steps in outcome["arms"].items()
    }


def _text(found):
    return None if found is None else f"{found.value:.2f} [{found.low:.2f}, {found.high:.2f}]"


def draw(data):
    figure, axes = panels(1, 1, height=3.4)
    ax, handles = axes[0][0], {}
    frames = data["frames"]
    for position, (arm, found) in enumerate(frames.get("aligned", frames.get("rotated")).items()):
        line = ax.plot(found["kappas"], _drawn(found), **series_style(position))[0]
        law = f": ∝ κ^{found['exponent']}" if found["exponent"] else ""
        handles[f"{LABELS[arm]}{law}"] = line
        if len(frames) == 2:
            other = frames["rotated"][arm]
            ax.plot(other["kappas"], _drawn(other), color=INK, marker="x", markersize=4, linestyle="")
    ax.set_xscale("log")
    ax.set_yscale("log")
    plain_log_axis(ax.xaxis, (1, 3))
    plain_log_axis(ax.yaxis, (1, 3))
    ax.set_xlabel("condition number κ")
    ax.set_ylabel("steps")
    legend_above(figure, handles.values(), handles.keys(), 2)
    return figure


def _drawn(found):
    return [math.nan if s is None else s for s in found["steps"]]
