"""Soak: random calls over random models for an hour, each compared with a scalar twin."""

from ..report.sections.blocks import Items
from ..wording.numbers import bytes_text, grouped, listing, plural
from .found import Found, judged, repeated_by, sentences

FILE, TITLE = "soak.json", "Soak"
COMMAND = "python3 tests/soak/record.py reports/robustness/soak.json"
SECONDS = 3600  # at least


def found(record):
    looked_at = record["resident_bytes_settled"] > 0
    wrong = _wrong(record)
    few = record["seconds"] < SECONDS
    text = sentences(
        f"{grouped(record['operations'])} operations in {grouped(record['worlds'])} worlds,"
        f" {grouped(round(record['seconds']))} s:",
        f"{listing(wrong)}." if wrong else "no difference" + (", no growth of memory." if looked_at else "."),
        "Memory was not looked at." if not looked_at else "",
        f"Shorter than the {grouped(SECONDS)} s that are aimed at." if few else "",
    )
    blocks = (Items(tuple(_lines(record, looked_at))), repeated_by([record]))
    return Found(judged(wrong, few or not looked_at), text, blocks)


def _wrong(record):
    told = {
        plural(record["differences"], "difference"): record["differences"] > 0,
        "memory grew": record["grew"],
    }
    wrong = [words for words, is_so in told.items() if is_so]
    return wrong or ([] if record["passed"] else ["it ended with an error"])


def _lines(record, looked_at):
    yield (
        f"Worlds (a model with random groups, and a scalar twin): {grouped(record['worlds'])}, from seed"
        f" {record['seed']}. Operations (steps, saves, loads, changes of threads and variant): "
        f"{grouped(record['operations'])}. Differences: {grouped(record['differences'])}."
    )
    yield (
        f"Time: {grouped(round(record['seconds']))} s, of which the processor worked"
        f" {grouped(round(record['processor_seconds']))} s."
    )
    if looked_at:
        yield (
            f"Resident memory: {bytes_text(record['resident_bytes_settled'])} once settled,"
            f" {bytes_text(record['resident_bytes_end'])} at the end; allowed growth"
            f" {bytes_text(record['allowed_growth_bytes'])}."
        )
    yield f"Kernels: {listing(record['kernels'])}."
