"""What steplab is held to beside its peers, fixed before they are timed, and whether the ratios reach
it."""

from dataclasses import dataclass

from ..statistics.intervals import median_interval
from ..wording.numbers import interval, listing, plural, span
from .labels import list_label, rule_label, threads_label
from .ratios import DROPIN, PEERS, PLAN, SLOWER, UNDECIDED, is_own

REACHED, MISSED, NOT_MEASURED = "reached", "not reached", "not measured"
RULES = ("adamw", "sgdm")  # that figures are to be reached in
MANY, DEFAULT = "network300", "torch_default"
STRONGEST = ("deepspeed", "torch_fused")
_NAMES = {"deepspeed": "DeepSpeedCPUAdam", "torch_fused": "torch fused", "torch_default": "torch's default"}
BEYOND_CACHE, MANY_BY_PLAN, MANY_BY_PYTHON, OVER_DEFAULT = 1.15, 3.5, 2.5, 5
MICROSECONDS_A_TENSOR, MICROSECONDS_FOR_ONE = 1, 5


@dataclass(frozen=True)
class Target:
    sentence: str
    word: str
    text: str


def targets(comparison, l3_bytes):
    """[Target]; `l3_bytes`: of the last cache, None where it is not known."""
    return [
        _not_behind(comparison, PLAN, "C++ plan against every peer"),
        _not_behind(comparison, DROPIN, "drop-in against every peer called from Python"),
        *(_beyond(comparison, peer, l3_bytes) for peer in STRONGEST),
        *(_many(comparison, peer, PLAN, MANY_BY_PLAN, "with the plan alone") for peer in STRONGEST),
        *(_many(comparison, peer, DROPIN, MANY_BY_PYTHON, "through Python") for peer in STRONGEST),
        _over_default(comparison),
        *_overheads(comparison),
    ]


def judged(comparison, base=PLAN, peers=None, where=lambda cell: True):
    """Ratios of peers proper, or of `peers`, in the cells (rule, list, threads) that figures are for."""
    return [r for r in comparison.ratios(base) if _counts(r.key, peers) and where(r.key[:3])]


def _counts(key, peers):
    return key[0] in RULES and (not is_own(key[3]) if peers is None else key[3] in peers)


def _not_behind(comparison, base, words):
    sentence = f"Not behind any peer in any cell ({words})"
    ratios = judged(comparison, base)
    if not ratios:
        return Target(sentence, NOT_MEASURED, "no ratios")
    behind = [r for r in ratios if r.word == SLOWER]
    near = [r for r in ratios if r.word == UNDECIDED and r.found.high < 1]
    open_ones = sum(r.word == UNDECIDED for r in ratios)
    beside = f"beside {len({r.peer for r in ratios})} of {len(PEERS)} peers"
    cells = plural(len(ratios), "cell")
    numbers = [f"{beside}, behind in {len(behind)} of {cells}, undecided in {open_ones}"]
    if behind:
        numbers.append(f"behind: {_named(comparison, behind)}")
    if near:
        percent = f"{100 * comparison.floor:.2g} %"
        numbers.append(f"below 1 by less than the {percent} that can be told: {_named(comparison, near)}")
    gaps = _gaps(comparison, None, lambda cell: True)
    word = MISSED if behind else UNDECIDED if near else REACHED
    return Target(sentence, word, "; ".join(numbers) + gaps)


def _beyond(comparison, peer, l3_bytes):
    sentence = f"At least {BEYOND_CACHE} × the speed of {_NAMES[peer]} beyond L3, one thread"
    if l3_bytes is None:
        return Target(sentence, NOT_MEASURED, "the size of L3 is not known")

    def where(cell):
        return cell[2] == 1 and comparison.footprint(*cell[:2]) > l3_bytes

    return _at_least(comparison, sentence, BEYOND_CACHE, PLAN, peer, where)


def _many(comparison, peer, base, least, words):
    sentence = f"At least {least} × the speed of {_NAMES[peer]} on 300 tensors, {words}"
    return _at_least(comparison, sentence, least, base, peer, lambda cell: cell[1] == MANY)


def _over_default(comparison):
    sentence = f"At least {OVER_DEFAULT} × the speed of {_NAMES[DEFAULT]} everywhere, AdamW"
    return _at_least(comparison, sentence, OVER_DEFAULT, PLAN, DEFAULT, lambda cell: cell[0] == "adamw")


def _at_least(comparison, sentence, least, base, peer, where):
    """Reached where every median is."""
    ratios, gaps = judged(comparison, base, {peer}, where), _gaps(comparison, {peer}, where)
    if not ratios:
        return Target(sentence, NOT_MEASURED, f"no ratios{gaps}")
    short = [r for r in ratios if r.found.value < least]
    whole = sum(r.found.low >= least for r in ratios)
    text = (
        f"{span([r.found.value for r in ratios])} × in {plural(len(ratios), 'cell')}"
        f" ({listing(dict.fromkeys(rule_label(r.rule) for r in ratios))}), with the whole interval in {whole}"
    )
    if short:
        text += f"; less: {_named(comparison, short)}"
    return Target(sentence, MISSED if short else REACHED, text + gaps)


def _gaps(comparison, peers, where):
    """What the numbers leave out: cells that a peer offers and failed in."""
    gaps = [key for key in comparison.missing() if _counts(key, peers) and where(key[:3])]
    return f"; {plural(len(gaps), 'more cell')} failed" if gaps else ""


def _named(comparison, ratios):
    return "; ".join(told(comparison, r) for r in sorted(ratios, key=lambda r: r.found.value))


def told(comparison, ratio):
    """'torch fused, AdamW, 33.6 M, one thread: 0.950 [0.940, 0.960]'."""
    return (
        f"{comparison.title(ratio.peer)}, {rule_label(ratio.rule)}, {list_label(comparison, ratio.list)},"
        f" {threads_label(ratio.threads)}: {interval(ratio.found)}"
    )


def _overheads(comparison):
    """What the drop-in's step takes beyond the plan's, a tensor."""
    single = next((name for name in comparison.lists if comparison.shape(name)[0] == 1), None)
    for name, most, words in (
        (MANY, MICROSECONDS_A_TENSOR, "a tensor on 300 tensors"),
        (single, MICROSECONDS_FOR_ONE, "for one tensor"),
    ):
        sentence = f"At most {most} µs of overhead {words} through Python"
        found = list(_extra(comparison, name)) if name in comparison.lists else []
        if not found:
            yield Target(sentence, NOT_MEASURED, "no cells of both the plan and the drop-in")
            continue
        missed = any(extra.value > most for _, _, extra in found)
        extras = (f"{interval(e)} µs ({rule_label(rule)}, {threads_label(t)})" for rule, t, e in found)
        yield Target(sentence, MISSED if missed else REACHED, listing(extras))


def _extra(comparison, name):
    """(rule, threads, Interval of µs a tensor) from the differences of the rounds of a cell."""
    for rule in RULES:
        for threads in comparison.threads:
            plan = comparison.by_round(rule, name, threads, PLAN)
            python = comparison.by_round(rule, name, threads, DROPIN)
            extra = [python[r] - plan[r] for r in sorted(plan) if r in python]
            if extra:
                scale = 1e6 / comparison.shape(name)[0]
                yield rule, threads, median_interval([scale * e for e in extra])
