"""What limits a step, how near each cell comes to that, what was predicted of it, and what fusing
gives."""

import statistics

from ...benchmarks import fusing_ladder, predictions
from ...benchmarks.cell import LEVELS
from ...wording.labels import count_label, optimizer_label
from ...wording.numbers import grouped, interval, number, percent, span
from .blocks import Figure, Items, Section, Table, Text, not_run

_TITLE = "Limits of a step, and predictions"


def build(evidence):
    results = evidence.benchmarks
    if not results.step_cells:
        return not_run("step_limits", _TITLE, "step")
    predicted = predictions.read(evidence.store, results.batch)
    section = Section("step_limits", _TITLE).add(Figure("roofline"))
    section.add(
        Items((*_reached(results), *_agreement(evidence, predicted))), _cell_table(results, predicted)
    )
    ladders = fusing_ladder.ladders(results)
    if ladders:
        section.add(Figure("speedup_ladder"), Text(_ladder_text(ladders)), _ladder_table(ladders))
    return section


# ---- limits and predictions ------------------------------------------------------------------------------
def share_of_minima(results, cell):
    """The tighter limit over the cell's time, both the least of all rounds; None without a ceiling."""
    ceiling, limit = results.ceiling(cell), results.limit(cell)
    if ceiling is None:
        return None
    division = min(limit.samples) / cell.threads_running if limit is not None else 0.0
    return max(min(ceiling.samples), division) / min(cell.samples)


def _cells(results):
    """Verified step cells under their first names, flat tensors before many."""
    flat = list(results.step_cells)
    many = [c for c in results.steps.values() if c.tensors > 1 and "again" not in c.rest]
    return flat + sorted(
        many, key=lambda c: (results.optimizers.index(c.optimizer), c.n, c.tensors, c.threads)
    )


def _best(results):
    """Cells of one flat tensor with the kernel that this machine picks, but for those with next to
    nothing to do."""
    picked = results.machine.get("kernel_selected")
    return [c for c in results.step_cells if c.kernel == picked and c.n > predictions.EMPTY]


def _reached(results):
    """Per level and threads: the share of the tighter limit at the minima of rounds."""
    for level in LEVELS:
        for threads in sorted({c.threads for c in _best(results)}):
            cells = [c for c in _best(results) if c.threads == threads and results.level_of(c, 1) == level]
            shares = [share_of_minima(results, c) for c in cells]
            shares = [100 * s for s in shares if s is not None]
            if shares:
                yield (
                    f"{_where(level)}, {_threads(threads)}: the best kernel reaches {span(shares, 2)} % of"
                    f" the tighter limit over {len(shares)} cells (least time of all rounds against least"
                    " time)."
                )


def _agreement(evidence, predicted):
    """Measured over predicted time per level, of the best kernel and of the others."""
    results = evidence.benchmarks
    if not predicted:
        yield "Not predicted: these rounds were measured without a prediction written before them."
        return
    drift = predictions.drift(evidence.store, results)
    yield (
        f"In the rounds the bare streams took {interval(drift)} × the time that they took in the pass before"
        " (median over them): that much of a ratio below is the machine's, not the prediction's."
    )
    best = {c.id for c in _best(results)}
    for level in LEVELS:
        told = []
        for words, chosen in (("the best kernel", True), ("other kernels", False)):
            ratios = [
                c.time.value / predicted[c.id]["ns"]
                for c in results.step_cells
                if c.id in predicted and (c.id in best) == chosen and results.level_of(c, 1) == level
            ]
            if ratios:
                middle = number(statistics.median(ratios))
                told.append(f"{middle} (median; {span(ratios)}) over {len(ratios)} cells of {words}")
        if told:
            yield f"Measured over predicted time, {_where(level)}: {' and '.join(told)}."
    yield (
        "The predictions were written before the first round, from bare streams, division and square-root"
        " throughput and a step of 100 parameters. They know nothing of other instructions, so that kernels"
        " of fewer lanes than the widest take longer in the caches, and nothing of what a tensor more costs."
    )


def _cell_table(results, predicted):
    rows = []
    for cell in _cells(results):
        share, limit = results.share(cell)
        least = share_of_minima(results, cell)
        foreseen = predicted.get(cell.id)
        rows.append(
            (
                optimizer_label(cell.optimizer),
                results.level_of(cell, 1),
                grouped(cell.n),
                grouped(cell.tensors),
                cell.variant,
                str(cell.threads),
                interval(cell.time),
                limit or "–",
                percent(share),
                f"{100 * least:.0f} %" if least is not None else "–",
                number(foreseen["ns"]) if foreseen else "–",
                number(cell.time.value / foreseen["ns"]) if foreseen else "–",
            )
        )
    headers = ("optimizer", "bytes in", "parameters", "tensors", "variant", "threads", "ns per parameter")
    return Table(
        (*headers, "limit", "share", "share at minima", "predicted ns", "measured / predicted"),
        tuple(rows),
        "Every cell: the tighter limit (the bare stream of its shape, size, schedule and threads; or its"
        " divisions and square roots, divided by the threads that run), the share of it that the step"
        " reaches by medians with 95 % intervals and by the least times of all rounds, and the time predicted"
        " before it was measured.",
        folded=True,
    )


# ---- the ladder of baselines ----------------------------------------------------------------------------
def _ladder_text(ladders):
    (optimizer, n), ladder = max(ladders.items(), key=lambda item: item[1][-1]["speedup"].value)
    last, passes = ladder[-1], next((r for r in ladder if r["label"] == "passes"), None)
    middle = f", working in place alone {interval(passes['speedup'])} ×" if passes else ""
    return (
        "All forms do the same arithmetic and give the same bits; each was verified before it was timed."
        f" The largest gain is {optimizer_label(optimizer)}'s at {count_label(n)} parameters:"
        f" `{last['label']}` is"
        f" {interval(last['speedup'])} × as fast as `temporaries` (its bytes predict"
        f" {number(last['predicted'])} ×){middle}. Bytes are counted by the operations themselves, with those"
        " of lines that a cache fetches only to overwrite; page faults of fresh memory and instructions are"
        " not in the prediction."
    )


def _ladder_table(ladders):
    rows = tuple(
        (
            optimizer_label(optimizer),
            grouped(n),
            rung["label"],
            number(rung["cell"].bytes_per_parameter),
            number(rung["cell"].fetched_bytes_per_parameter),
            interval(rung["cell"].time),
            number(rung["predicted"]),
            interval(rung["speedup"]),
            number(rung["speedup"].value / rung["predicted"]),
        )
        for (optimizer, n), ladder in ladders.items()
        for rung in ladder
    )
    headers = ("optimizer", "parameters", "form", "bytes a parameter", "fetched besides", "ns per parameter")
    return Table(
        (*headers, "predicted speed-up", "measured speed-up", "measured / predicted"),
        rows,
        "The ladder of baselines: speed-up over `temporaries`. Bytes a parameter: each array once per"
        " operation, reads and writes apart. Fetched besides: written lines that were not read before.",
        folded=True,
    )


def _where(level):
    return "in memory" if level == "memory" else f"in {level}"


def _threads(count):
    return "one thread" if count == 1 else f"{count} threads"
