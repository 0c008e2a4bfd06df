"""One weight under decay 0.01: what Adam's L2 and AdamW make of it."""

from ..wording import numbers
from .combined import combined
from .verdict import HOLDS, IN_PART, NO, OPPOSITE, Cell, verdict_of, within

id = "C16"
sentence = (
    "At learning rate 0.1, gradient 0.001, weight 1 and decay 0.01, L2 in Adam amplifies the decay, while "
    "AdamW's is 0.1 %."
)
rule = (
    "The weight after 1, 10 and 1000 steps, with an arm without decay. Holds if L2 brings it nearer to 0 "
    "than AdamW does at every count, and AdamW's share after one step is within 1 % of 0.1 %. In part if L2 "
    "does so at some counts only, or AdamW's share is another; no if L2 never does, opposite if it always "
    "decays less."
)
words = (HOLDS, IN_PART, NO, OPPOSITE)
needs, figure = ("updates",), None


def measure(evidence):
    return evidence.outcomes("updates").get("default_decay")


def decide(found):
    values, steps = found["values"], found["steps"]
    decays = {
        arm: [abs(n) - abs(v) for n, v in zip(values["none"], values[arm])] for arm in ("adam", "adamw")
    }
    cells = [
        Cell(f"after {numbers.plural(count, 'step')}", HOLDS if l2 > w else OPPOSITE if l2 < w else NO)
        for count, l2, w in zip(steps, decays["adam"], decays["adamw"])
    ]
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
    more = combined("L2 decays more", cells, every=True)
    exact = HOLDS if within(share, claimed, 0.01) == HOLDS else NO
    statements = (more, Cell(f"AdamW decays {100 * claimed:.1f} % a step", exact))
    if more.word == HOLDS and exact == NO:
        more = Cell(more.label, IN_PART, "L2 decays more, AdamW's share is not the stated one")
    return verdict_of(more, text, statements)


def headline(found):
    values, last = found["values"], found["steps"][-1]
    l2, decoupled = (_shown(values[arm][0]) for arm in ("adam", "adamw"))
    word = dict(decide(found).statements)["L2 decays more"]
    tails = {HOLDS: f"; L2 decays more up to step {last}", IN_PART: "; L2 decays more only at some counts"}
    tail = tails.get(word, "; L2 never decays more")
    return f"After one step the weight is {l2} with L2 in Adam and {decoupled} in AdamW{tail}."


def _shown(value):
    return f"{value:.4f}" if abs(value) < 10 else f"{value:.1f}"
