"""A momentum of 0.9 as an average of 90 % old velocity and 10 % new gradient."""

from .verdict import HOLDS, IN_PART, NO, Verdict

id = "C06"
sentence = "A momentum of 0.9 keeps 90 % of the velocity and adds 10 % of the gradient."
rule = (
    "Coefficient of the gradient in the velocity after one step of the stated update v = 0.9 v + g, and gain "
    "on a constant gradient after 200 steps. Holds if they are 0.1 and 1, in part if only the coefficient "
    "is, no if the coefficient is another one."
)
words = (HOLDS, IN_PART, NO)
needs, figure = ("updates",), None
TOLERANCE = 0.01


def measure(evidence):
    return evidence.outcomes("updates").get("velocity")


def decide(found):
    stated, dampened = found["stated"], found["dampened"]
    text = (
        f"A step keeps {stated['kept']:.3f} of the velocity and adds {stated['coefficient']:.3f} of the "
        f"gradient; a constant gradient has become {stated['gain']:.2f} times itself after {found['steps']} "
        "steps. With dampening 0.9, which the update does not have by default, they are "
        f"{dampened['coefficient']:.3f} and {dampened['gain']:.2f}."
    )
    keeps = _near(stated["kept"], found["momentum"])
    if not _near(stated["coefficient"], 1 - found["momentum"]):
        return Verdict(NO, text)
    if keeps and _near(stated["gain"], 1):
        return Verdict(HOLDS, text)
    return Verdict(IN_PART, text, why="the gradient's coefficient fits, its gain or the share kept does not")


def headline(found):
    share = f"{100 * found['stated']['coefficient']:.0f} %"
    claimed = f"{100 * (1 - found['momentum']):.0f} %"
    tail = {
        HOLDS: ", as claimed",
        IN_PART: ", but its gain or the share kept differs",
        NO: f", not {claimed}",
    }[decide(found).word]
    return f"A momentum of {found['momentum']:g} adds {share} of the gradient to the velocity{tail}."


def _near(value, expected):
    return abs(value - expected) <= TOLERANCE * expected
