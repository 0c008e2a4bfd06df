"""Fuzzing: what readers and sequences of calls did with inputs made up by libFuzzer."""

from ..report.sections.blocks import Table
from ..wording.numbers import grouped, listing, plural
from .found import Found, judged, repeated_by, sentences

FILE, TITLE = "fuzz.json", "Fuzzing"
COMMAND = "scripts/fuzz --out reports/robustness/fuzz.json"
AIM = 10_000_000  # inputs a reader; a sequence of calls takes longer, and has no number to reach
READERS = ("safetensors", "checkpoint", "trace", "idx")
TARGETS = (*READERS, "operations")  # tests/fuzz has a corpus of each


def found(record):
    targets = record["targets"]
    known = {one["target"]: one for one in targets}
    broken = [one["target"] for one in targets if not one["passed"]]
    missing = [name for name in TARGETS if name not in known]
    few = [name for name in READERS if name in known and known[name]["inputs"] < AIM]
    total = grouped(sum(one["inputs"] for one in targets))
    text = sentences(
        f"{total} inputs over {plural(len(targets), 'target')}, under the sanitizers:",
        f"{listing(broken)} broke." if broken else "none broke.",
        f"Fewer than the {grouped(AIM)} inputs that are aimed at: {listing(few)}." if few else "",
        f"Not recorded: {listing(missing)}." if missing else "",
    )
    blocks = (_table(targets, missing), repeated_by(targets, "target"))
    return Found(judged(broken, few or missing or not targets), text, blocks)


def _table(targets, missing):
    rows = [
        (
            one["target"],
            "held" if one["passed"] else "**broke**",
            grouped(one["inputs"]),
            f"{100 * one['inputs'] / AIM:.0f} %" if one["target"] in READERS else "–",
            grouped(one["largest_input_bytes"]),
            grouped(one.get("edges_covered", 0)),
            grouped(one.get("features", 0)),
            grouped(one.get("corpus_files", 0)),
            grouped(one["seconds"]),
            one["sanitizers"],
        )
        for one in targets
    ]
    rows += [(name, "not recorded", *["–"] * 8) for name in missing]
    return Table(
        (
            *("target", "outcome", "inputs", "of the aim", "largest input (B)", "edges", "features"),
            *("corpus (files)", "seconds", "sanitizers"),
        ),
        tuple(rows),
        "Inputs tried by libFuzzer; edges of the control flow and features (edges with their counts) that"
        " they reached; the corpus is what reached something new. `operations` are sequences of calls on two"
        " variants that are compared bit for bit.",
    )
