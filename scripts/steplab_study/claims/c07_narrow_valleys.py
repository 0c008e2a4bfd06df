"""C07: momentum in narrow valleys."""

from ..statistics.intervals import Interval
from ..statistics.power_laws import exponent_interval
from ..wording.numbers import interval, number
from .combined import combined
from .verdict import (
    HOLDS,
    IN_PART,
    NO,
    OPEN,
    OPPOSITE,
    ROUGHLY,
    Cell,
    at_least,
    of_interval,
    said,
    verdict_of,
)

id = "C07"
sentence = "Momentum damps oscillation and speeds up progress along narrow valleys."
rule = (
    "Exponents of steps on κ over five κ, gradient descent minus tuned momentum. Holds if the interval lies "
    "above 0.3 and momentum needs at least 3 times fewer steps at κ = 1000, axis-aligned and rotated. "
    "Roughly if both reach two thirds of that, in part if one of them or one frame does, no if none does, "
    "opposite if momentum needs more steps, open if an arm misses the target."
)
words = (HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN)
needs = ("valley",)
figure = "condition_number"
APART, FASTER, AT = 0.3, 3.0, 1000


def measure(evidence):
    outcomes = evidence.outcomes("valley")
    frames = {f: _frame(outcomes[f"steps {f}"]) for f in ("aligned", "rotated") if f"steps {f}" in outcomes}
    return {"frames": frames} if frames else None


def _frame(outcome):
    kappas, arms = outcome["kappas"], outcome["arms"]
    ratios = [a / b for a, b in zip(arms["gd"], arms["momentum"])]
    return {
        "exponents": {arm: exponent_interval(kappas, steps) for arm, steps in arms.items()},
        "apart": exponent_interval(kappas, ratios),
        "faster": ratios[kappas.index(AT)],
        "fixed": {k: a / b for k, a, b in zip(kappas, arms["gd"], arms["momentum_0.9"]) if k >= AT},
        "signs": outcome["signs"],
    }


def decide(found):
    frames = found["frames"]
    cells = [_cell(frame, f["apart"], f["faster"]) for frame, f in frames.items()]
    text = " ".join(_text(frame, f) for frame, f in frames.items() if f["apart"] is not None)
    text = text or "An arm did not reach the target at every κ."
    return verdict_of(combined(id, cells, every=True), text + _signs_text(frames), cells)


def headline(found):
    known = [f for f in found["frames"].values() if f["apart"] is not None]
    if not known:
        return "Open: an arm did not reach the target in every valley."
    least = min(known, key=lambda f: f["faster"])
    return said(
        decide(found),
        f"At κ = {AT}, gradient descent needs at least {number(least['faster'], 2)} times the steps of tuned"
        f" momentum; the exponents differ by {interval(least['apart'], 2)}.",
    )


def _cell(frame, apart, faster):
    parts = [of_interval("exponent", apart, at_least(apart, APART), "an arm misses the target")]
    if apart is not None:
        speed = Interval(faster, faster, faster, 1)
        parts.append(Cell(f"steps at κ = {AT}", at_least(speed, FASTER, neutral=1.0)))
    return combined(frame, parts, every=True)


def _text(frame, found):
    e = found["exponents"]
    fixed = ", ".join(f"{number(ratio, 2)} at κ = {kappa}" for kappa, ratio in found["fixed"].items())
    return (
        f"{frame.capitalize()}: steps ∝ κ^a with a = {interval(e['gd'], 2)} for tuned gradient descent and "
        f"{interval(e['momentum'], 2)} for tuned momentum (difference {interval(found['apart'], 2)}), "
        f"{number(found['faster'], 2)} times fewer steps at κ = {AT}; with momentum 0.9 {fixed} times fewer."
    )


def _signs_text(frames):
    signs = frames.get("aligned", {}).get("signs")
    if not signs:
        return ""
    share = {arm: f"{100 * s['steepest']:.0f} %" for arm, s in signs.items()}
    return (
        f" Along the steepest direction the gradient changes sign on {share['gd']} of the steps of tuned "
        f"gradient descent, on {share['same rate, momentum 0.9']} with momentum 0.9 at the same rate and "
        f"on {share['momentum']} with tuned momentum."
    )
