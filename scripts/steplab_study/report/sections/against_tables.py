"""The tables beside peers: ratios, memory, agreement, and what gave no number."""

from ...peers.labels import BASES, list_label, rule_label, threads_label
from ...peers.ratios import PLAN, SLOWER, UNDECIDED
from ...statistics.intervals import median_interval
from ...wording.numbers import interval, listing, number, plural, seconds
from .blocks import Table

_MARKS = {SLOWER: "**{}**", UNDECIDED: "{} ~"}


def ratios(comparison, base):
    """A table a rule: rows are peers and threads, columns are lists; steplab's own seconds first."""
    return [
        _ratio_table(comparison, base, rule)
        for rule in comparison.rules
        if any(r.rule == rule for r in comparison.ratios(base))
    ]


def _ratio_table(comparison, base, rule):
    found = {r.key: r for r in comparison.ratios(base) if r.rule == rule}
    lists = [name for name in comparison.lists if any(key[1] == name for key in found)]
    rows = [
        (
            f"{comparison.title(base)}: time",
            str(threads),
            *(_seconds(comparison, (rule, name, threads, base)) for name in lists),
        )
        for threads in comparison.threads
    ]
    for peer in comparison.peers:
        for threads in comparison.threads:
            cells = [found.get((rule, name, threads, peer)) for name in lists]
            if any(cells):
                rows.append((comparison.title(peer), str(threads), *map(_ratio_text, cells)))
    caption = (
        f"{rule_label(rule)}: each peer's time ÷ time of {BASES[base]} of the same round, medians with 95 %"
        " intervals. Bold: steplab is slower; ~: undecided; –: no number."
    )
    headers = ("peer", "threads", *(list_label(comparison, name) for name in lists))
    return Table(headers, tuple(rows), caption, folded=True)


def _seconds(comparison, key):
    samples = list(comparison.by_round(*key).values())
    return seconds(median_interval(samples)) if samples else "–"


def _ratio_text(ratio):
    return "–" if ratio is None else _MARKS.get(ratio.word, "{}").format(interval(ratio.found))


def memory(comparison):
    """State that is kept between steps, and the growth during one, bytes a parameter."""
    entries = {(e["peer"], e["rule"]): e for e in comparison.measured["memory"]}
    rules = [rule for rule in comparison.rules if any(key[1] == rule for key in entries)]
    rows = tuple(
        (
            comparison.title(peer),
            comparison.measured["peers"].get(peer, {}).get("version") or "–",
            *(_bytes(entries.get((peer, rule)), "state") for rule in rules),
            *(_bytes(entries.get((peer, rule)), "peak") for rule in rules),
        )
        for peer in (PLAN, *comparison.peers)
        if any(key[0] == peer for key in entries)
    )
    headers = (
        "peer",
        "version",
        *(f"{rule_label(rule)}: state" for rule in rules),
        *(f"{rule_label(rule)}: growth in a step" for rule in rules),
    )
    caption = (
        "Bytes a parameter: state kept between steps, copies of the parameters among it, and how far the"
        " resident memory grows beyond that during a step; one tensor, one thread."
    )
    return Table(headers, rows, caption)


def _bytes(entry, which):
    value = entry and entry.get(f"{which}_bytes_per_parameter")
    return "–" if value is None else number(value, 3)


def checks(comparison):
    """A row a peer and rule: the largest error over thread counts."""
    rows = []
    for peer in comparison.peers:
        for rule in comparison.rules:
            entries = [c for c in comparison.measured["checks"] if c["peer"] == peer and c["rule"] == rule]
            if entries:
                rows.append((comparison.title(peer), rule_label(rule), *_check(entries)))
    caption = (
        "Values after five steps against the scalar kernel's with one thread: the largest difference relative"
        " to the value (to a hundredth of the largest value where the value is smaller), over thread counts."
    )
    return Table(("peer", "rule", "largest", "accepted", "meaning"), tuple(rows), caption, folded=True)


def _check(entries):
    offered = [c for c in entries if c["offered"]]
    if not offered:
        return "–", "–", "not offered"
    errors = [c["largest_error"] for c in offered if c["largest_error"] is not None]
    largest = f"{max(errors):.1e}" if errors else "–"
    wrong = [c for c in offered if not c["agrees"]]
    meaning = offered[0]["why"] or "agrees"
    if wrong:
        meaning = next((c["error"] for c in wrong if c.get("error")), "does not agree")
    return largest, f"{offered[0]['tolerance']:.1e}", meaning


def problems(comparison):
    """Peers that are not there, rules that are not offered, and what failed."""
    peers = comparison.measured["peers"]
    absent = [p for p in comparison.peers if not peers.get(p, {}).get("installed", True)]
    rows = [
        (comparison.title(p), "not installed", peers[p]["error"] or "no reason was given") for p in absent
    ]
    for peer in (PLAN, *comparison.peers):
        cells = [(key, cell) for key, cell in comparison.cells.items() if key[3] == peer]
        rules = [rule for rule in comparison.rules if any(k[0] == rule for k, c in cells if not c["offered"])]
        if rules:
            rows.append((comparison.title(peer), "not offered", listing(map(rule_label, rules))))
        failed = {}
        for key, cell in cells:
            if cell["offered"] and cell["error"]:
                failed.setdefault(cell["error"], []).append(_cell_name(comparison, key))
        for entry in comparison.measured["memory"]:
            if entry["peer"] == peer and entry.get("error"):
                failed.setdefault(entry["error"], []).append(f"memory, {rule_label(entry['rule'])}")
        rows += [(comparison.title(peer), _where(names), error) for error, names in failed.items()]
    return Table(("peer", "where", "why"), tuple(rows), "What could not be measured.")


def _cell_name(comparison, key):
    rule, name, threads, _ = key
    return f"{rule_label(rule)}, {list_label(comparison, name)}, {threads_label(threads)}"


def _where(names):
    return "; ".join(names) if len(names) <= 3 else f"{plural(len(names), 'cell')}, such as {names[0]}"
