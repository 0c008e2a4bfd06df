"""Adam typically needs 30 to 50 % fewer steps than SGD (with momentum) on vision and language."""

from ..protocol import ranking as protocol
from ..statistics.intervals import median_interval
from ..wording.labels import workload_label
from ..wording.numbers import listing, number
from .verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED, Verdict

id = "C08"
sentence = "On vision and language, Adam typically needs 30 to 50 % fewer steps than SGD with momentum."
rule = (
    "Steps saved, 1 − steps of Adam ÷ steps of SGD-M, per network and protocol: supported if in [0.3, 0.5]"
    " on at least 2/3 of them, a vision and a language one among them; imprecise if the median is above"
    " 0.1; contradicted if it is at most 0; at most imprecise where the two protocols disagree."
)
needs = ("ranking",)
figure = "steps_to_target"

VISION, LANGUAGE = ("mlp", "cnn", "logistic"), ("transformer",)
LOW, HIGH, IMPRECISE_FROM = 0.3, 0.5, 0.1


def measure(evidence):
    """{"saved": {protocol: {problem: share of steps saved}}, "workloads": {problem: workload}}; None
    without any."""
    saved, workloads = {}, {}
    for ranking in evidence.rankings:
        if ranking.workload not in VISION + LANGUAGE or ranking.clipped:
            continue
        ratio = ranking.steps_ratio(protocol.COMPARED, protocol.REFERENCE)
        if ratio is not None:
            saved.setdefault(ranking.schedule, {})[ranking.name] = 1 - ratio.value
            workloads[ranking.name] = ranking.workload
    return {"saved": saved, "workloads": workloads} if saved else None


def decide(found):
    medians, fitting = {}, {}
    for name, saved in found["saved"].items():
        kinds = {found["workloads"][problem] for problem in saved}
        if not (kinds & set(VISION) and kinds & set(LANGUAGE)):
            continue
        medians[name] = median_interval(list(saved.values())).value
        inside = [problem for problem, share in saved.items() if LOW <= share <= HIGH]
        of = {found["workloads"][problem] for problem in inside}
        enough = len(inside) >= 2 / 3 * len(saved)
        fitting[name] = enough and bool(of & set(VISION)) and bool(of & set(LANGUAGE))
    text = _text(found["saved"], medians)
    if not medians:
        return Verdict(NOT_MEASURED, f"needs a vision and a language network under one protocol. {text}")
    if all(fitting.values()) and len(fitting) == 2:
        return Verdict(SUPPORTED, text)
    if all(m <= 0 for m in medians.values()):
        return Verdict(CONTRADICTED, text)
    if any(m > IMPRECISE_FROM for m in medians.values()):
        return Verdict(IMPRECISE, text)
    return Verdict(NOT_SUPPORTED, text)


def _text(saved, medians):
    told = []
    for name, shares in saved.items():
        low, high = min(shares.values()), max(shares.values())
        middle = f"median {_percent(medians[name])}, " if name in medians else ""
        families = listing(sorted({workload_label(problem.split("/")[0]) for problem in shares}))
        told.append(
            f"{name} protocol: Adam saves {middle}{_percent(low)} to {_percent(high)} of SGD-M's steps over"
            f" {len(shares)} problems ({families})"
        )
    return "; ".join(told) + "."


def _percent(share):
    return f"{number(100 * share, 2)} %"
