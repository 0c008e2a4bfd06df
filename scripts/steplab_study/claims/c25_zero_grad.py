"""What happens without zero_grad."""

from .verdict import HOLDS, NO, Verdict

id = "C25"
sentence = "Forgetting zero_grad accumulates gradients."
rule = (
    "Two backward passes that add to the gradient, a step between them. Holds if without zero_grad the "
    "second step sees exactly the float32 sum of both gradients in every coordinate, and with it, as the "
    "control, the second alone; otherwise no."
)
words = (HOLDS, NO)
needs, figure = ("updates",), None


def measure(evidence):
    return evidence.outcomes("updates").get("accumulation")


def decide(found):
    count = found["gradients"]
    text = (
        f"Without zero_grad the second step took g1 + g2, bit for bit, in {found['forgotten']} of {count} "
        f"coordinates; with it, g2 alone in {found['zeroed']} of {count}. The step itself leaves gradients "
        "as they are."
    )
    return Verdict(HOLDS if found["forgotten"] == found["zeroed"] == count else NO, text)


def headline(found):
    return (
        f"Without zero_grad the second step took the sum of both gradients in {found['forgotten']} of"
        f" {found['gradients']} coordinates."
    )
