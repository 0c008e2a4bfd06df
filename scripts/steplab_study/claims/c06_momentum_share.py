"""A momentum of 0.9 as an average of 90 % old velocity and 10 % new gradient."""

from .verdict import CONTRADICTED, IMPRECISE, NOT_SUPPORTED, SUPPORTED, Verdict

id = "C06"
sentence = "A momentum of 0.9 keeps 90 % of the velocity and adds 10 % of the gradient."
rule = (
    "Coefficient of the gradient in the velocity after one step of the stated update v = 0.9 v + g, and "
    "gain on a constant gradient after 200 steps. Supported if they are 0.1 and 1, contradicted if the "
    "coefficient is 1."
)
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
    if _near(stated["coefficient"], 1):
        return Verdict(CONTRADICTED, text)
    if not _near(stated["coefficient"], 1 - found["momentum"]):
        return Verdict(NOT_SUPPORTED, text)
    return Verdict(SUPPORTED if keeps and _near(stated["gain"], 1) else IMPRECISE, text)


def _near(value, expected):
    return abs(value - expected) <= TOLERANCE * expected
