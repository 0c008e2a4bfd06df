"""The ladder of baselines: one step in ever better forms, all with the same bits, at one size.

Measured speed-ups over `temporaries`, and those that the bytes predict: traffic over the bandwidth of the
bare stream with as many threads, or the divisions and square roots where they take longer.
"""

from ..statistics.intervals import Interval, ratio_of_medians
from .predictions import EMPTY, traffic

UNFUSED = ("temporaries", "passes")
LABELS = (*UNFUSED, "scalar", "autovec", "xsimd", "xsimd + threads")


def ladders(results):
    """{(optimizer, n): [rung]} from few parameters to many; a rung: label, cell, bytes, speedup
    (Interval), predicted."""
    found = {}
    firsts = [c for c in results.baselines.values() if c.kernel == UNFUSED[0] and c.n > EMPTY]
    for first in sorted(firsts, key=lambda c: (results.optimizers.index(c.optimizer), c.n)):
        rungs = [_rung(label, cell, first, results) for label, cell in _cells(results, first)]
        if all(r is not None for r in rungs) and len(rungs) > len(UNFUSED):
            found[first.optimizer, first.n] = rungs
    return found


def _cells(results, first):
    """(label, cell) of the rungs that were measured, in the ladder's order."""
    optimizer, n = first.optimizer, first.n
    for form in UNFUSED:
        for cell in results.baselines.values():
            if (cell.kernel, cell.optimizer, cell.n) == (form, optimizer, n):
                yield form, cell
    steps = [c for c in results.step_cells if (c.optimizer, c.n) == (optimizer, n)]
    for kernel in ("scalar", "autovec"):
        for cell in (c for c in steps if c.kernel.startswith(kernel) and c.threads == 1):
            yield kernel, cell
            break
    best = results.best(optimizer, n)
    if best is not None:
        yield "xsimd", best
        tbb = [c for c in steps if c.kernel == best.kernel and c.schedule == "tbb" and c.threads > 1]
        if tbb:
            yield "xsimd + threads", max(tbb, key=lambda c: c.threads)


def moved(cell):
    """Bytes a parameter that a cell's step moves, with those fetched to be overwritten."""
    return traffic(
        {
            "bytes_per_parameter": cell.bytes_per_parameter,
            "fetched_bytes_per_parameter": cell.fetched_bytes_per_parameter,
        }
    )


def _rung(label, cell, first, results):
    times = [_time_by_bytes(c, results) for c in (first, cell)]
    if None in times:
        return None
    return {
        "label": label,
        "cell": cell,
        "bytes": moved(cell),
        "speedup": _speedup(first, cell),
        "predicted": times[0] / times[1],
    }


def _speedup(first, cell):
    """Of the first over itself it is 1, whatever its spread."""
    if cell is first:
        return Interval(1.0, 1.0, 1.0, len(cell.samples))
    return ratio_of_medians(first.samples, cell.samples)


def _time_by_bytes(cell, results):
    """Ns per parameter by traffic alone, or by divisions and square roots where they take longer."""
    shape = next(
        (
            c
            for c in results.step_cells
            if (c.optimizer, c.n, c.threads) == (cell.optimizer, cell.n, cell.threads)
        ),
        None,
    )
    ceiling = results.ceiling(shape) if shape is not None else None
    if ceiling is None:
        return None
    limit = results.limit(cell)
    division = limit.time.value / cell.threads_running if limit is not None else 0.0
    return max(ceiling.time.value * moved(cell) / ceiling.bytes_per_parameter, division)
