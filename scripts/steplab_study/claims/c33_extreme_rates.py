"""C33: rates that are too large, and too small."""

from ..statistics.intervals import paired_ratio
from ..wording.numbers import interval, number
from .combined import overall
from .verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED, Verdict

id = "C33"
sentence = "Too large a learning rate diverges; too small a one is slow or ends in poor minima."
rule = (
    "On a quadratic the runs above lr = 2/h_max diverge and those below do not, 2 bracketed within 5 %. A "
    "rate 16 times smaller than the best: loss more than 5 % higher after as many steps (slow), and still "
    "after 16 times as many (poorer minimum); imprecise if only one of these holds."
)
needs = ("valley", "lr_sensitivity")
figure = "lr_sensitivity"
LIMIT, BRACKET, EXCESS, STRETCH = 2.0, 1.05, 1.05, 1.5
LEVEL = 0.99


def measure(evidence):
    threshold = evidence.outcomes("valley").get("threshold")
    small = next(
        (o["small_rate"] for o in evidence.outcomes("lr_sensitivity").values() if o["small_rate"]), None
    )
    if threshold is None and small is None:
        return None
    return {"threshold": threshold and _threshold(threshold), "small": small and _small(small)}


def _threshold(rows):
    stable = [row["rate"] for row in rows if not row["diverged"]]
    lost = [row["rate"] for row in rows if row["diverged"]]
    return {"stable": max(stable, default=0.0), "diverged": min(lost, default=None)}


def _small(small):
    return {
        "rate": small["rate"],
        "best_rate": small["best_rate"],
        "longer": small["longer"],
        "slow": paired_ratio(small["same_steps"], small["best"], LEVEL),
        "late": paired_ratio(small["more_steps"], small["best"], LEVEL),
    }


def decide(found):
    words = (_large_word(found["threshold"]), _small_word(found["small"]))
    statements = tuple(zip(("too large diverges", "too small is slow or ends in poor minima"), words))
    return Verdict(overall(list(words)), _text(found), statements)


def _large_word(threshold):
    if threshold is None:
        return NOT_MEASURED
    stable, diverged = threshold["stable"], threshold["diverged"]
    if diverged is None:
        return CONTRADICTED
    if stable > diverged:
        return NOT_SUPPORTED
    if stable <= LIMIT <= diverged and diverged <= BRACKET * stable:
        return SUPPORTED
    return IMPRECISE if LIMIT / STRETCH <= stable and diverged <= LIMIT * STRETCH else NOT_SUPPORTED


def _small_word(small):
    if small is None or small["slow"] is None or small["late"] is None:
        return NOT_MEASURED
    holds = [ratio.low > EXCESS for ratio in (small["slow"], small["late"])]
    if any(holds):
        return SUPPORTED if all(holds) else IMPRECISE
    return CONTRADICTED if small["slow"].high < 1 and small["late"].high < 1 else NOT_SUPPORTED


def _text(found):
    said = []
    threshold, small = found["threshold"], found["small"]
    if threshold and threshold["diverged"] is not None:
        said.append(
            f"On a quadratic the largest rate that converged is {number(threshold['stable'])}/h_max and "
            f"the smallest that diverged {number(threshold['diverged'])}/h_max."
        )
    elif threshold:
        said.append("On a quadratic no rate diverged.")
    if small:
        said.append(
            f"On the small MLP a rate {number(small['best_rate'] / small['rate'], 2)} times below SGD's "
            f"best ends at {interval(small['slow'])} times its validation loss after as many steps, and at "
            f"{interval(small['late'])} times after {small['longer']} times as many (99 % intervals)."
        )
    return " ".join(said)
