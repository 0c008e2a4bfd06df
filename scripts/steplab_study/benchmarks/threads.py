"""From which size on threads pay, and what dealing out blocks another way would give."""

import math
import re

import numpy as np

from ..statistics.intervals import DRAWS, SEED, Interval, median_paired_ratio, paired_ratios

_DEALT = re.compile(r"/partitioner:(?P<partitioner>\w+)/block:(?P<block>\d+)$")
REFERENCE = ("static", 16384)  # what the others are compared with


def crossovers(results):
    """[{optimizer, threads, points, crossing, bytes, serial_below}] of each optimizer whose forced
    parallel steps were timed beside serial ones.

    `crossing`: elements from which on parallel steps are faster, an Interval; None when no size of those
    timed separates slower from faster ones.
    """
    found = []
    for optimizer in dict.fromkeys(c.optimizer for c in results.crossovers.values()):
        cells = sorted(
            (c for c in results.crossovers.values() if c.optimizer == optimizer), key=lambda c: c.n
        )
        ratios = {c.n: paired_ratios(c.by_round, s.by_round) for c in cells if (s := _serial(results, c))}
        ratios = {n: r for n, r in ratios.items() if r}
        if not ratios:
            continue
        crossing = _crossing_interval(ratios)
        found.append(
            {
                "optimizer": optimizer,
                "threads": cells[0].threads,
                "points": {n: float(np.median(r)) for n, r in ratios.items()},
                "crossing": crossing,
                "bytes": crossing and crossing.value * 4 * (cells[0].streams + 1),
                "serial_below": cells[0].counters.get("serial_below"),
            }
        )
    return found


def _serial(results, cell):
    return results.steps.get(f"step/{cell.optimizer}/{cell.kernel}/serial/n:{cell.n}/tensors:1/threads:1")


def crossing(ratios):
    """The size at which time ratios {n: parallel / serial} fall below 1 for good, between sizes on log
    axes; None when they do not, or lie below 1 from the first one on."""
    sizes = sorted(ratios)
    slower = [i for i, n in enumerate(sizes) if ratios[n] >= 1]
    if not slower or slower[-1] + 1 == len(sizes):
        return None
    n, m = sizes[slower[-1]], sizes[slower[-1] + 1]
    above, below = math.log(ratios[n]), math.log(ratios[m])
    return math.exp(math.log(n) + (math.log(m) - math.log(n)) * above / (above - below))


def _crossing_interval(ratios, level=0.95):
    """The crossing of the medians, with a bootstrap over rounds; a draw without one counts as the first
    or last size."""
    middle = crossing({n: float(np.median(r)) for n, r in ratios.items()})
    if middle is None:
        return None
    generator = np.random.default_rng(SEED)
    draws = DRAWS // 10
    medians = {n: np.median(generator.choice(r, size=(draws, len(r))), axis=1) for n, r in ratios.items()}
    crossings = []
    for k in range(draws):
        drawn = {n: float(m[k]) for n, m in medians.items()}
        edge = max(drawn) if drawn[max(drawn)] >= 1 else min(drawn)
        crossings.append(crossing(drawn) or edge)
    tail = 50 * (1 - level)
    low, high = np.percentile(crossings, [tail, 100 - tail])
    return Interval(middle, float(low), float(high), min(len(r) for r in ratios.values()))


def dealing(results):
    """[{optimizer, n, threads, level, partitioner, block, ratio}]: step times with each partitioner and
    block size against the REFERENCE at the same size."""
    cells = {}
    for cell in results.steps.values():
        match = _DEALT.fullmatch(cell.rest)
        if match:
            cells[cell.optimizer, cell.n, match["partitioner"], int(match["block"])] = cell
    rows = []
    for (optimizer, n, partitioner, block), cell in sorted(cells.items(), key=_dealt_order):
        reference = cells.get((optimizer, n, *REFERENCE))
        ratio = reference and median_paired_ratio(cell.by_round, reference.by_round)
        if ratio:
            rows.append(
                {
                    "optimizer": optimizer,
                    "n": n,
                    "threads": cell.threads,
                    "level": results.level_of(cell, 1),
                    "partitioner": partitioner,
                    "block": block,
                    "ratio": ratio,
                }
            )
    return rows


def _dealt_order(item):
    optimizer, n, partitioner, block = item[0]
    return optimizer, n, ("static", "affinity", "auto", "simple").index(partitioner), block
