"""Memory per parameter: model against measured."""

from ..figures import of_part
from ..figures.style import optimizer_label
from ..wording import grouped, number
from .parts import Figure, Items, Section, Table, claim_sentence, not_run

_TITLE = "Memory per parameter"


def build(evidence):
    results = evidence.results
    if not results.memory:
        return not_run("memory", _TITLE, "memory")
    rows = []
    for row in results.memory:
        n = row["n"]
        rows.append((
            optimizer_label(row["optimizer"]),
            grouped(n),
            number(row["model_state_bytes"] / n),
            number(row["accounted_state_bytes"] / n),
            number(row["resident_growth_bytes"] / n, 4),
            number(4 + 4 + row["model_state_bytes"] / n),
            number(row["resident_total_growth_bytes"] / n, 4),
        ))
    table = Table(
        (
            "optimizer",
            "parameters",
            "state: model",
            "state: accounted",
            "state: measured",
            "all: model",
            "all: measured",
        ),
        tuple(rows),
        "Bytes per float32 parameter. All: parameters, gradients and state. Measured: growth of resident"
        " memory.",
        folded=True,
    )
    told = tuple(claim_sentence(c, v) for c, v in evidence.ledger if "memory" in c.needs)
    section = Section("memory", _TITLE).add(Figure("memory"), Items(tuple(_meaning(results))), table)
    return section.add(*(Figure(name) for name in of_part("memory") if name != "memory"), Items(told))


def _meaning(results):
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
