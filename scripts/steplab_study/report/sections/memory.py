"""Memory per parameter: do model, accounting, measured memory and checkpoint reconcile?"""

from ...figures import of_part
from ...wording.labels import optimizer_label
from ...wording.numbers import grouped, listing, number
from .blocks import Figure, Items, Section, Table, claim_sentence, not_run

_TITLE = "Memory per parameter"
RECONCILED_WITHIN = 0.01  # bench/memory/reconcile.hpp; a larger mismatch fails a test


def build(evidence):
    results = evidence.benchmarks
    if not results.memory:
        return not_run("memory", _TITLE, "memory")
    told = tuple(claim_sentence(c, v) for c, v in evidence.ledger if "memory" in c.needs)
    section = Section("memory", _TITLE).add(
        Figure("memory"), Items(tuple(_meaning(results))), _table(results)
    )
    return section.add(*(Figure(name) for name in of_part("memory") if name != "memory"), Items(told))


def _table(results):
    """Model, accounting, resident memory, peak and checkpoint of every optimizer, form and size."""
    rows = []
    for row in results.memory_rows:
        n, baseline = row["n"], "accounted_state_bytes" not in row
        accounted = (
            None if baseline else sum(row[f"accounted_{p}_bytes"] for p in ("parameter", "gradient", "state"))
        )
        rows.append(
            (
                optimizer_label(row["optimizer"]),
                row["form"],
                grouped(n),
                number(8 + row["model_state_bytes"] / n),
                _per(n, accounted),
                _per(n, row["resident_total_growth_bytes"]),
                _per(n, row.get("resident_peak_growth_bytes")),
                number(4 + row["model_state_bytes"] / n),
                _per(n, _checkpoint_data(row)),
                _mismatch(row),
            )
        )
    return Table(
        (
            "optimizer",
            "form",
            "parameters",
            "model",
            "accounting",
            "resident",
            "peak",
            "checkpoint: model",
            "checkpoint",
            "largest mismatch",
        ),
        tuple(rows),
        "Bytes per float32 parameter: parameters, gradients and state; a checkpoint holds parameters and"
        " state, its header left out. fused: the best kernel in one thread over memory of the library's own;"
        " scalar, tbb: other kernel and schedule; borrowed: over the caller's memory; temporaries: every"
        " operation allocates its result. Mismatch: of parameters, gradients, state, total, peak and"
        " checkpoint each against the model, as a share of the model; a baseline's peak against the nearest"
        " whole number of temporary arrays.",
        folded=True,
    )


def _per(n, count):
    return "–" if count is None else number(count / n, 4)


def _checkpoint_data(row):
    if "checkpoint_file_bytes" not in row:
        return None
    step_count = 8
    return row["checkpoint_file_bytes"] - row["checkpoint_header_bytes"] - step_count


def _mismatch(row):
    return f"{number(100 * row['largest_mismatch'], 2)} %" if "largest_mismatch" in row else "–"


def _reconciled(results):
    """The largest disagreement above a million parameters, in words."""
    rows = [r for r in results.memory_rows if r["n"] > 10**6 and "largest_mismatch" in r]
    if not rows:
        return
    worst = max(rows, key=lambda r: r["largest_mismatch"])
    verdict = "reconcile" if worst["largest_mismatch"] <= RECONCILED_WITHIN else "do not reconcile"
    forms = listing(dict.fromkeys(r["form"] for r in rows))
    which = f"{optimizer_label(worst['optimizer'])}, {worst['form']}, {grouped(worst['n'])} parameters"
    yield (
        "Above a million parameters model, accounting, resident memory with its peak and checkpoint"
        f" {verdict} within {number(100 * RECONCILED_WITHIN, 1)} %: the largest mismatch is"
        f" {_mismatch(worst)} ({which}; forms: {forms})."
    )


def _meaning(results):
    yield from _reconciled(results)
    largest = max(r["n"] for r in results.memory)
    rows = [r for r in results.memory if r["n"] == largest]
    kept = [r for r in rows if r["model_state_bytes"]]
    if kept:
        worst = max(abs(r["resident_growth_bytes"] / r["model_state_bytes"] - 1) for r in kept)
        yield (
            f"At {grouped(largest)} parameters measured state differs from the model by at most "
            f"{number(100 * worst, 2)} %."
        )
    for row in rows:
        ratio = (4 * largest + row["model_state_bytes"]) / (4 * largest)
        yield (
            f"{optimizer_label(row['optimizer'])}: parameters and state are {number(ratio, 2)} × the"
            " parameters alone; with gradients"
            f" {number((8 * largest + row['model_state_bytes']) / (8 * largest), 3)} × parameters and"
            " gradients."
        )
