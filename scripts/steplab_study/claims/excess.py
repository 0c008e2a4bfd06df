"""What C23, C24 and C39 share: excess training loss after a restart, paired by seed, as a 99 % interval of a
share."""

from ..statistics.intervals import Interval, paired_ratio
from ..wording import numbers
from .verdict import of_interval

LEVEL = 0.99
LIMIT = 0.01  # of the loss
ENDED = "a trial ended early"


def interval(mine, base, windows):
    """Mean loss over the first `windows` windows relative to that of `base`, less 1; None when a trial ended
    early.

    `mine`, `base`: by seed, the loss of every window.
    """
    if any(len(seed) < windows or None in seed for seed in (*mine, *base)):
        return None
    means = ([sum(seed[:windows]) / windows for seed in losses] for losses in (mine, base))
    found = paired_ratio(*means, LEVEL)
    return None if found is None else Interval(found.value - 1, found.low - 1, found.high - 1, found.count)


def loss_cells(evidence, optimizers, keep, windows=None):
    """A cell for each workload, optimizer and factor: the excess of the arm `keep` over the whole state."""
    cells = []
    for key, outcome in evidence.outcomes("resume").items():
        if not key.startswith("loss "):
            continue
        for optimizer in optimizers:
            for factor, arms in outcome["optimizers"][optimizer]["factors"].items():
                count = windows or outcome["windows"]
                cells.append({
                    "problem": f"{outcome['workload']}/{outcome['size']}",
                    "optimizer": optimizer,
                    "factor": float(factor),
                    "steps": count * outcome["window"],
                    "excess": interval(arms[keep], arms["all"], count),
                })
    return cells


def cells_of(cells, rule, describe):
    """The Cells of the excess of each case by `rule(interval, LIMIT)`."""
    return [of_interval(describe(c).strip("()"), c["excess"], rule(c["excess"], LIMIT), ENDED) for c in cells]


def percent(found):
    """'2.1 % [1.0, 3.2]'; of a trial that ended early '–'."""
    if found is None:
        return "–"
    return f"{100 * found.value:+.1f} % [{100 * found.low:+.1f}, {100 * found.high:+.1f}]"


def listed(cells, describe):
    return numbers.listing(f"{percent(c['excess'])} {describe(c)}" for c in cells)


def ends(cells):
    """'-3.1 to 0.4 %': the lowest and the highest excess; None where no cell has one."""
    values = [100 * c["excess"].value for c in cells if c["excess"] is not None]
    return f"{numbers.span(values, 2)} %" if values else None
