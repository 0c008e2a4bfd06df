"""Clipping, unscaling, a finite check and zeroing: inside a step, and as passes of their own."""

from ...statistics.intervals import median_paired_ratio
from ...wording.labels import optimizer_label
from ...wording.numbers import grouped, interval, number, plural, span
from .blocks import Section, Table, Text, not_run

_TITLE = "Gradients clipped, unscaled and zeroed in the step"
_FORMS = {"zero": "zeroing", "clip": "clipping", "all": "finite check, unscaling, clipping, zeroing"}
_BYTES_IN_STEP = {"zero": 4, "clip": 4, "all": 8}  # a parameter: one more reading, one more writing


def build(evidence):
    results = evidence.benchmarks
    rows = list(_rows(results))
    if not rows:
        return not_run("extras", _TITLE, "step")
    section = Section("extras", _TITLE)
    section.add(
        Text(
            "Each can be part of the step: what has to see all gradients first (the norm, the check) takes"
            " one reading sweep, all else happens as the step passes by. The bits are those of doing it"
            " apart, on every kernel and number of threads."
        ),
        Text(_sentence(rows)),
        _table(rows),
    )
    return section


def _rows(results):
    """One a form, size, schedule and optimizer: both forms against the bare step, round by round."""
    cells = [c for c in results.extras.values() if c.kernel in _FORMS]
    for cell in sorted(cells, key=lambda c: (c.optimizer, c.n, c.threads, list(_FORMS).index(c.kernel))):
        bare, apart = _twin(results, cell, "bare"), _twin(results, cell, f"{cell.kernel}-apart")
        if bare is None or apart is None:
            continue
        inside = median_paired_ratio(cell.by_round, bare.by_round)
        outside = median_paired_ratio(apart.by_round, bare.by_round)
        if inside is not None and outside is not None:
            yield {
                "cell": cell,
                "level": results.level_of(cell),
                "inside": inside,
                "outside": outside,
                "bytes": 1 + _BYTES_IN_STEP[cell.kernel] / bare.bytes_per_parameter,
            }


def _twin(results, cell, form):
    return results.extras.get(cell.id.replace(f"/{cell.kernel}/", f"/{form}/", 1))


def _sentence(rows):
    everything = [r for r in rows if r["cell"].kernel == "all"]
    far = [r for r in everything if r["level"] == "memory"] or everything
    where = "beyond the caches" if far[0]["level"] == "memory" else "at these sizes"
    return (
        f"All of it {where} takes {span([r['inside'].value for r in far])} × the bare step inside it, and"
        f" {span([r['outside'].value for r in far])} × apart from it, over {plural(len(far), 'cell')}; by"
        f" bytes alone it would be {span([r['bytes'] for r in far])} inside."
    )


def _table(rows):
    headers = ("optimizer", "bytes in", "parameters", "threads", "what", "by bytes", "in the step", "apart")
    return Table(
        headers,
        tuple(
            (
                optimizer_label(r["cell"].optimizer),
                r["level"],
                grouped(r["cell"].n),
                str(r["cell"].threads),
                _FORMS[r["cell"].kernel],
                number(r["bytes"]),
                interval(r["inside"]),
                interval(r["outside"]),
            )
            for r in rows
        ),
        "Time ÷ time of the bare step of the same round, medians with 95 % intervals. Apart: vectorised"
        " loops over the gradients, on the same threads.",
        folded=True,
    )
