"""Time per step: the curve over N, the share of the limits."""

from ...figures import of_part
from ...statistics.intervals import ratio_of_medians
from ...wording.labels import count_label, optimizer_label
from ...wording.numbers import grouped, interval, listing, number, percent, plural, span, verdict
from . import cold, tensors
from .blocks import Figure, Items, Section, Table, Text, claim_sentence, not_run

_TITLE = "Time per step"
_PLACED = ("step_time", "share_of_ceiling")  # others of this part follow them
_ELSEWHERE = ("roofline", "speedup_ladder", *tensors.FIGURES)  # in sections of their own


def build(evidence):
    results = evidence.benchmarks
    if not results.step_cells:
        return not_run("step", _TITLE, "step")
    floor = results.smallest_difference() or 0.0
    section = Section("step", _TITLE).add(
        Figure("step_time"),
        Items(tuple(_across(results, floor))),
        Figure("share_of_ceiling"),
        Items(tuple(_variants(results, floor))),
        _level_table(results),
        *cold.parts(results),
    )
    section.add(*(Figure(name) for name in of_part("step") if name not in _PLACED + _ELSEWHERE))
    told = tuple(claim_sentence(c, v) for c, v in evidence.ledger if "step" in c.needs)
    section.add(Items(told))
    if results.failed:
        told = "; ".join(f"`{name}`: {why}" for name, why in sorted(results.failed.items())[:5])
        section.add(Text(f"{plural(len(results.failed), 'cell')} gave no number: {told}"))
    return section


def _across(results, floor):
    """Adam's step against SGD-M's in each cache level, and what differences mean."""
    for level, cells_of in results.by_level().items():
        for n in sorted({c.n for c in cells_of.get("adam", [])}):
            adam, momentum = results.best("adam", n), results.best("sgd_momentum", n)
            if adam is None or momentum is None:
                continue
            ratio = ratio_of_medians(adam.samples, momentum.samples)
            word = verdict(ratio, "faster", "slower", results.smallest_difference(level) or floor)
            bytes_ratio = adam.bytes_per_parameter / momentum.bytes_per_parameter
            yield (
                f"In {_where(level)} ({count_label(n)} parameters, one thread) an Adam step takes"
                f" {interval(ratio)} × the time of an SGD-M step"
                f" (**{word}**); by bytes alone it would be"
                f" {number(bytes_ratio)}."
            )
    if floor:
        yield (
            f"The smallest relative difference that this run can tell is {number(100 * floor, 2)} % (95 % of"
            f" repeated cells agree within it; {_floors(results)}); smaller ones are not claimed."
        )


def _floors(results):
    """'L1 2.1 %, memory 8 %'"""
    floors = {level: results.smallest_difference(level) for level in results.by_level()}
    return ", ".join(f"{level} {number(100 * f, 2)} %" for level, f in floors.items() if f is not None)


def _where(level):
    return "memory" if level == "memory" else f"the {level} cache"


def _variants(results, floor):
    """Per level: the share of the limit over optimizers, and how scalar and autovec compare with the best
    kernel."""
    for level, cells_of in results.by_level().items():
        pairs = [(cells, results.best(o, cells[0].n)) for o, cells in cells_of.items()]
        pairs = [(cells, best) for cells, best in pairs if best is not None]
        shares = [results.share(best)[0] for _, best in pairs]
        shares = [share.value for share in shares if share is not None]
        told = []
        if shares:
            told.append(f"one thread reaches {span([100 * s for s in shares], 2)} % of the tighter limit")
        told += _against(pairs, floor)
        if told:
            where = _where(level)
            yield f"In {where}, over {plural(len(pairs), 'optimizer')}: {'; '.join(told)}."


def _against(pairs, floor):
    """Sentences on scalar and autovec against the best kernel, where they were timed."""
    for prefix in ("scalar", "autovec"):
        ratios = [
            ratio_of_medians(other.samples, best.samples)
            for cells, best in pairs
            for other in cells
            if other.kernel.startswith(prefix) and other.threads == 1
        ]
        if ratios:
            words = [verdict(r, "faster", "slower", floor) for r in ratios]
            counts = listing(f"{word} for {words.count(word)}" for word in dict.fromkeys(words))
            yield (
                f"`{prefix}` takes {span([r.value for r in ratios])} × the time of the best kernel"
                f" ({counts})"
            )


def _level_table(results):
    rows = []
    for level, cells_of in results.by_level().items():
        for optimizer, cells in cells_of.items():
            best = results.best(optimizer, cells[0].n)
            for cell in cells:
                share, limit = results.share(cell)
                relative = ratio_of_medians(cell.samples, best.samples) if best not in (None, cell) else None
                rows.append(
                    (
                        optimizer_label(optimizer),
                        level,
                        grouped(cell.n),
                        cell.variant,
                        str(cell.threads),
                        interval(cell.time),
                        number(cell.spread, 2),
                        interval(relative),
                        number(cell.bandwidth),
                        percent(share),
                        limit or "–",
                    )
                )
    headers = ("optimizer", "bytes in", "parameters", "variant", "threads", "ns per parameter", "MAD")
    return Table(
        (*headers, "× best kernel, 1 thread", "GB/s", "share of the limit", "limit"),
        tuple(rows),
        "Medians with 95 % intervals over rounds, at the size of each level that most variants were timed at."
        f" Bytes, once per access: {', '.join(_bytes(results))} a parameter.",
        folded=True,
    )


def _bytes(results):
    for optimizer in results.optimizers:
        cell = next(c for c in results.step_cells if c.optimizer == optimizer)
        yield f"{optimizer_label(optimizer)} {cell.bytes_per_parameter:.0f} B"
