"""The summary on a terminal: each peer's time ÷ steplab's of the same round, the median over rounds."""

from .peers_list import BASE
from .stats import median_paired_ratio


def lines(found):
    """A table for each rule and number of threads; a dash where there is no ratio, said below."""
    for rule, threads in dict.fromkeys((row["rule"], row["threads"]) for row in found["cells"]):
        rows = [row for row in found["cells"] if (row["rule"], row["threads"]) == (rule, threads)]
        yield f"{rule}, threads {threads}: time of a step ÷ {BASE}'s, median over rounds"
        names = list(dict.fromkeys(row["list"] for row in rows))
        yield f"  {'':28}" + "".join(f"{name:>12}" for name in names)
        for peer, entry in found["peers"].items():
            mine = {row["list"]: row for row in rows if row["peer"] == peer}
            if peer != BASE and any(row["offered"] for row in mine.values()):
                texts = [_ratio(mine.get(name), rows, name) for name in names]
                yield f"  {entry['title'][:28]:28}" + "".join(f"{text:>12}" for text in texts)
    yield from _missing(found)


def times(row):
    """{round: seconds} of a row."""
    return {place: seconds for place, seconds in enumerate(row["seconds"]) if seconds}


def _ratio(row, rows, name):
    base = next((r for r in rows if (r["peer"], r["list"]) == (BASE, name)), None)
    ratio = median_paired_ratio(times(row), times(base)) if row and base else None
    return f"{ratio.value:.2f}" if ratio else "-"


def _missing(found):
    """Who is not there, and what failed, each reason once."""
    for entry in found["peers"].values():
        if not entry["installed"]:
            yield f"  {entry['title']}: not installed: {entry['error']}"
    rows = [row for row in found["cells"] if row["error"] and row["offered"]]
    reasons = dict.fromkeys((row["peer"], row["rule"], row["error"]) for row in rows)
    for peer, rule, error in reasons:
        yield f"  {found['peers'][peer]['title']}, {rule}: {error}"
