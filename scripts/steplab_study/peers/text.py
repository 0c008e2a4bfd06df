"""The summary on a terminal: each peer's time ÷ steplab's of the same round, the median over rounds."""

from .list import BASE
from .ratios import PeerRatios


def lines(found):
    """A table for each rule and number of threads; a dash where there is no ratio, said below."""
    ratios = {ratio.key: ratio.found.value for ratio in PeerRatios(found).ratios()}
    for rule, threads in dict.fromkeys((row["rule"], row["threads"]) for row in found["cells"]):
        rows = [row for row in found["cells"] if (row["rule"], row["threads"]) == (rule, threads)]
        yield f"{rule}, threads {threads}: time of a step ÷ {BASE}'s, median over rounds"
        names = list(dict.fromkeys(row["list"] for row in rows))
        yield f"  {'':28}" + "".join(f"{name:>12}" for name in names)
        for peer, entry in found["peers"].items():
            if peer != BASE and any(row["offered"] for row in rows if row["peer"] == peer):
                keys = ((rule, name, threads, peer) for name in names)
                texts = [f"{ratios[key]:.2f}" if key in ratios else "-" for key in keys]
                yield f"  {entry['title'][:28]:28}" + "".join(f"{text:>12}" for text in texts)
    yield from _missing(found)


def _missing(found):
    """Who is not there, and what failed, each reason once."""
    for entry in found["peers"].values():
        if not entry["installed"]:
            yield f"  {entry['title']}, not there: {entry['error']}"
    rows = [row for row in found["cells"] if row["error"] and row["offered"]]
    reasons = dict.fromkeys((row["peer"], row["rule"], row["error"]) for row in rows)
    for peer, rule, error in reasons:
        yield f"  {found['peers'][peer]['title']}, {rule}: {error}"
