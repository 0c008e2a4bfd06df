"""One weight under decay 0.01: what Adam's L2 and AdamW make of it."""

from ..wording import numbers
from .verdict import CONTRADICTED, IMPRECISE, SUPPORTED, Verdict

id = "C16"
sentence = (
    "At learning rate 0.1, gradient 0.001, weight 1 and decay 0.01, L2 in Adam amplifies the decay, while "
    "AdamW's is 0.1 %."
)
rule = (
    "The weight after 1, 10 and 1000 steps, with an arm without decay: supported if L2 brings it nearer to "
    "0 than AdamW does at every count, imprecise if only later, contradicted if never. AdamW's share after "
    "one step is a part of its own: within 1 % of 0.1 %."
)
needs, figure = ("updates",), None


def measure(evidence):
    return evidence.outcomes("updates").get("default_decay")


def decide(found):
    values, steps = found["values"], found["steps"]
    decays = {
        arm: [abs(n) - abs(v) for n, v in zip(values["none"], values[arm])] for arm in ("adam", "adamw")
    }
    more = [l2 > decoupled for l2, decoupled in zip(decays["adam"], decays["adamw"])]
    share = 1 - values["adamw"][0] / values["none"][0]
    claimed = found["lr"] * found["weight_decay"]
    rows = "; ".join(
        f"after {numbers.plural(count, 'step')} {_shown(none)} without decay, {_shown(l2)} with L2, "
        f"{_shown(w)} in AdamW"
        for count, none, l2, w in zip(steps, values["none"], values["adam"], values["adamw"])
    )
    text = (
        f"The weight is {rows}. In the first step Adam divides the decay away with the gradient's size; "
        f"AdamW takes {100 * share:.3f} %."
    )
    word = SUPPORTED if all(more) else IMPRECISE if any(more) else CONTRADICTED
    exact = SUPPORTED if abs(share - claimed) <= 0.01 * claimed else CONTRADICTED
    statements = (("L2 decays more", word), (f"AdamW decays {100 * claimed:.1f} % a step", exact))
    return Verdict(word, text, statements)


def _shown(value):
    return f"{value:.4f}" if abs(value) < 10 else f"{value:.1f}"
