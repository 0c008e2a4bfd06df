"""Made-up rows of bench_memory, and evidence of nothing else."""

from types import SimpleNamespace

SLOTS = {"sgd": 0, "sgd_momentum": 1, "adam": 2, "adamw": 2}
EXTRA = {"sgd": 2, "sgd_momentum": 3, "adam": 3, "adamw": 4}  # arrays alive at the peak besides


def row(optimizer, n, state=None, kept=None, peak=None, checkpoint=True):
    """`state`, `kept`, `peak`: bytes a parameter."""
    slots = SLOTS[optimizer]
    state = 4 * slots if state is None else state
    kept = 8 + state if kept is None else kept
    found = {
        "optimizer": optimizer,
        "n": n,
        "model_state_bytes": 4 * slots * n,
        "accounted_state_bytes": state * n,
        "accounted_gradient_bytes": 4 * n,
        "resident_growth_bytes": state * n,
        "resident_total_growth_bytes": kept * n,
        "resident_peak_growth_bytes": (kept if peak is None else peak) * n + 100_000,
    }
    if checkpoint:
        found |= {"checkpoint_parameter_file_bytes": 4 * n + 120, "checkpoint_parameter_header_bytes": 120}
        found |= {"checkpoint_file_bytes": (4 + state) * n + 352, "checkpoint_header_bytes": 344}
    return found


def rows(optimizer, sizes, **changed):
    return [row(optimizer, n, **changed) for n in sizes]


def temporaries(optimizer, sizes):
    kept = 8 + 4 * SLOTS[optimizer]
    return rows(optimizer, sizes, peak=kept + 4 * EXTRA[optimizer], checkpoint=False)


def evidence(memory=(), temporaries=(), **outcomes):
    """Evidence that has these rows and outcomes."""
    results = SimpleNamespace(memory=list(memory), temporaries=list(temporaries))
    return SimpleNamespace(benchmarks=results, outcome=outcomes.get)
