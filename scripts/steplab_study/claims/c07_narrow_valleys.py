"""C07: momentum in narrow valleys."""

from ..statistics.power_laws import exponent_interval
from ..wording.numbers import interval, number
from .combined import overall
from .verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED, Verdict

id = "C07"
sentence = "Momentum damps oscillation and speeds up progress along narrow valleys."
rule = (
    "Exponents of steps on κ over five κ, gradient descent minus tuned momentum: interval above 0.3, and "
    "at κ = 1000 at least 3 times fewer steps, axis-aligned and rotated; imprecise if smaller but of that "
    "sign, or in one frame."
)
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
    words = {frame: _word(f["apart"], f["faster"]) for frame, f in frames.items()}
    if set(words.values()) == {NOT_MEASURED}:
        return Verdict(NOT_MEASURED, "an arm did not reach the target at every κ")
    text = " ".join(_text(frame, f) for frame, f in frames.items() if words[frame] != NOT_MEASURED)
    return Verdict(overall(list(words.values())), text + _signs_text(frames), tuple(words.items()))


def _word(apart, faster):
    if apart is None:
        return NOT_MEASURED
    if apart.low >= APART and faster >= FASTER:
        return SUPPORTED
    if apart.high <= 0 or faster <= 1:
        return CONTRADICTED
    return IMPRECISE if apart.low > 0 else NOT_SUPPORTED


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
