"""Crashes: what a save leaves when the system, the disk or the process fails on the way, and what a load
does with damage."""

from ..report.sections.blocks import Items, Table
from ..wording.numbers import grouped, listing, plural
from .found import Found, judged, repeated_by, sentences

FILE, TITLE = "crashes.json", "Crashes"
COMMAND = "python3 tests/checkpoint/record.py reports/robustness/crashes.json"
KILLS = 200  # at least
_NAMES = {  # of faults, where the test's name is not enough
    "short write": "half of a write, then no more (ENOSPC)",
    "crash": "the process ends there, a write cut in two",
}


def found(record):
    kills = record["kills"]
    wrong, points = _wrong(record), sum(row["tried"] for row in record["faults"])
    few = (kills["kills"] or 0) < KILLS
    text = sentences(
        f"{plural(points, 'fault')} at the calls of a save and {grouped(kills['kills'] or 0)} × kill −9 while"
        " saving:",
        f"{listing(wrong)}." if wrong else "each time the old file or the new one was there, whole.",
        f"Fewer kills than the {KILLS} that are aimed at." if few else "",
    )
    blocks = (_table(record["faults"]), Items(tuple(_other_lines(record))), repeated_by([record]))
    return Found(judged(wrong, few or points == 0), text, blocks)


def _wrong(record):
    """What should not have been, in words."""
    kills, loads, damage = record["kills"], record["loads"], record["damage"]
    other = sum(row["other"] for row in record["faults"])
    left = [record["crashes"]["leftovers_after_the_next_save"], kills["leftovers_after_the_next_save"]]
    told = {
        f"{plural(record['failed'], 'test')} failed": not record["passed"],
        f"another file than the old or the new one after {plural(other, 'fault')}": other,
        f"a file that is not whole after {plural(kills['other'], 'kill')}": kills["other"],
        "leftovers stayed after the next save": any(left),
        "a load without memory changed something": loads["unchanged"] != loads["failed_allocations"],
        f"{plural(damage['unnoticed'], 'damaged file')} loaded": damage["unnoticed"],
        "a test left no numbers": None in [*left, *kills.values(), *loads.values(), *damage.values()],
    }
    return [words for words, is_so in told.items() if is_so]


def _table(faults):
    rows = []
    for fault in dict.fromkeys(row["fault"] for row in faults):
        of = [row for row in faults if row["fault"] == fault]
        calls = ", ".join(f"{row['call']} {row['tried']}" for row in of)
        counts = (grouped(sum(row[name] for row in of)) for name in ("tried", "old", "new", "other"))
        rows.append((_NAMES.get(fault, fault), calls, *counts))
    return Table(
        ("fault", "calls", "tried", "old file", "new file", "anything else"),
        tuple(rows),
        "Each call of a save fails in turn, and the file is compared with the old and the new one, byte for"
        " byte. The new one is there after a fault that came behind the rename, or that cannot hurt it (a"
        " lock or a close refused).",
    )


def _other_lines(record):
    crashes, kills, loads, damage = (record[name] for name in ("crashes", "kills", "loads", "damage"))
    yield (
        f"A crash left a temporary file at {_told(crashes['leftovers'])} of those calls; after the next save"
        f" there were {_told(crashes['leftovers_after_the_next_save'])}."
    )
    yield (
        f"A process that saves in a loop was killed {_told(kills['kills'])} times: {_told(kills['whole'])}"
        f" times the file was a whole state, {_told(kills['other'])} times anything else. It saved"
        f" {_told(kills['states'])} states; {_told(kills['leftovers'])} saves were cut in two, and"
        f" {_told(kills['leftovers_after_the_next_save'])} leftovers remained in the end."
    )
    yield (
        f"Memory ran out at each of {_told(loads['failed_allocations'])} allocations of a load:"
        f" {_told(loads['unchanged'])} times nothing had changed."
    )
    yield (
        f"{_told(damage['damaged'])} damaged files (each bit flipped, each byte inverted, each length):"
        f" {_told(damage['unnoticed'])} went unnoticed."
    )


def _told(count):
    return "?" if count is None else grouped(count)
