"""Many tensors, subnormal numbers, and threads: what a step costs beyond one flat array of ordinary
numbers."""

from ...benchmarks.threads import REFERENCE, crossovers, dealing
from ...figures import fragmentation, scaling, subnormals
from ...statistics.intervals import Interval
from ...wording.labels import optimizer_label
from ...wording.numbers import bytes_text, grouped, interval, listing, number, plural, span
from .blocks import Figure, Heading, Items, Section, Table, Text, not_run

_TITLE = "Many tensors, subnormals and threads"
FIGURES = ("fragmentation", "subnormals", "scaling")


def build(evidence):
    if not evidence.benchmarks.step_cells:
        return not_run("tensors", _TITLE, "step")
    section = Section("tensors", _TITLE)
    for title, blocks in (
        ("Many tensors", _fragmented(evidence)),
        ("Subnormals", _subnormal(evidence)),
        ("Threads", _scaled(evidence)),
    ):
        if blocks:
            section.add(Heading(title), *blocks)
    return section if section.blocks else section.add(Text("No cells of this section were run."))


# ---- many tensors ------------------------------------------------------------------------------------------
def _fragmented(evidence):
    split = fragmentation.collect(evidence)
    if split is None:
        return ()
    told = (
        "Ratios are medians over rounds of the two times of one round. **Owned** tensors lie side by side in"
        " the library's arena and are swept as one; **borrowed** ones lie as a heap hands them out, in order;"
        " **scattered** ones in shuffled order, where each step waits for memory. With **moving** gradients"
        " every step is handed other addresses, and plans anew; those calls are in the time."
    )
    return (Figure("fragmentation"), Text(told), Items(tuple(_split_items(split))), _split_table(split))


def _split_items(split):
    for placement in dict.fromkeys(b["placement"] for b in split["bars"]):
        bars = [b for b in split["bars"] if b["placement"] == placement]
        worst = max(bars, key=lambda b: b["value"])
        yield (
            f"{_words(placement).capitalize()}: {span([b['value'] for b in bars])} × the time of one flat"
            f" tensor with as many parameters; the most with {optimizer_label(worst['optimizer'])},"
            f" {grouped(worst['tensors'])} tensors, {plural(worst['threads'], 'thread')}:"
            f" {number(worst['extra'][0])} ns a tensor beyond the elements' own cost."
        )


def _words(placement):
    return placement.replace("\n", " ")


def _split_table(split):
    rows = tuple(
        (
            optimizer_label(b["optimizer"]),
            str(b["threads"]),
            grouped(b["n"]),
            grouped(b["tensors"]),
            _words(b["placement"]),
            interval(Interval(b["value"], b["low"], b["high"], 0)),
            interval(Interval(*b["extra"], 0)),
            "–" if b["set_gradient"] is None else number(b["set_gradient"]),
        )
        for b in split["bars"]
    )
    headers = ("optimizer", "threads", "parameters", "tensors", "memory", "time / time of one tensor")
    return Table(
        (*headers, "extra ns a tensor", "of it set_gradient, ns"),
        rows,
        "The same number of parameters as many tensors; extra: (time - time of one tensor) / tensors. The"
        " calls of set_gradient were timed alone, on one thread.",
        folded=True,
    )


# ---- subnormals --------------------------------------------------------------------------------------------
def _subnormal(evidence):
    data = subnormals.collect(evidence)
    if data is None:
        return ()
    return (Figure("subnormals"), Items(tuple(_decay_items(data))), _decay_table(data))


def _decay_items(data):
    for mode, words in (("keep", "Kept"), ("flush", "Flushed to zero")):
        lines = [line for line in data["lines"] if line["mode"] == mode]
        told = []
        for kernel in dict.fromkeys(line["kernel"] for line in lines):
            slowest = [_slowest(line) for line in lines if line["kernel"] == kernel]
            told.append(f"{span(slowest)} × with `{kernel}`")
        yield (
            f"{words}, the slowest point of a decay takes {listing(told)} of the time before it"
            f" ({span([line['threads'] for line in lines], 1)} threads)."
        )
    yield (
        "Kept moments do not die out: multiplying the last few bits rounds back to them, so that a step stays"
        " slow for as long as gradients stay zero. Flushing is off by default, as it changes bits."
    )
    changed = list(_changed(data))
    if changed:
        yield f"Where flushing had changed bits, by steps since the last gradient: {'; '.join(changed)}."


def _slowest(line):
    return max(p["value"] for p in line["points"]) / line["points"][0]["value"]


def _changed(data):
    """First point at which each array differs between the modes, by optimizer."""
    told = set()
    for line in data["lines"]:
        if line["mode"] != "flush" or line["optimizer"] in told:
            continue
        told.add(line["optimizer"])
        words = []
        for key, array in sorted((k, k.split("_", 1)[1]) for k in line["points"][0] if "changed" in k):
            array = "parameters" if array == "changed" else array
            first = next((p["steps"] for p in line["points"] if p.get(key, 0) > 0), None)
            words.append(f"{array} never" if first is None else f"{array} at {grouped(first)}")
        yield f"{optimizer_label(line['optimizer'])}: {', '.join(words)}"


def _decay_table(data):
    rows = []
    for line in data["lines"]:
        for p in line["points"]:
            shares = [
                f"{k.split('_', 1)[1]} {100 * v:.0f} %" for k, v in p.items() if k.startswith("subnormal_")
            ]
            rows.append(
                (
                    optimizer_label(line["optimizer"]),
                    f"{line['kernel']}/{line['schedule']}",
                    line["mode"],
                    grouped(p["steps"]),
                    interval(Interval(p["value"], p["low"], p["high"], 0)),
                    ", ".join(shares),
                )
            )
    headers = ("optimizer", "variant", "subnormals", "steps without gradients", "ns per parameter")
    caption = f"{grouped(data['lines'][0]['n'])} parameters; each cell starts at that point of the decay."
    return Table((*headers, "subnormal state"), tuple(rows), caption, folded=True)


# ---- threads -----------------------------------------------------------------------------------------------
def _scaled(evidence):
    data = scaling.collect(evidence)
    blocks = []
    if data is not None:
        blocks += [Figure("scaling"), Items(tuple(_speed_items(data)))]
    found = crossovers(evidence.benchmarks)
    if found:
        blocks.append(_crossover_table(found))
    rows = dealing(evidence.benchmarks)
    if rows:
        blocks += [Text(_dealing_text(rows)), _dealing_table(rows)]
    return tuple(blocks)


def _speed_items(data):
    for level in dict.fromkeys(line["level"] for line in data["lines"]):
        told = []
        for over in (False, True):
            points = [
                p
                for line in data["lines"]
                if line["level"] == level
                for p in line["points"]
                if p["threads"] > 1 and p["oversubscribed"] == over
            ]
            most = max((p["threads"] for p in points), default=0)
            speeds = [p["speed_up"][0] for p in points if p["threads"] == most]
            if speeds:
                told.append(f"{most} threads{' (oversubscribed)' if over else ''} give {span(speeds)} ×")
        where = "memory" if level == "memory" else f"the {level} cache"
        yield f"In {where}: {', '.join(told)} over one thread."


def _crossover_table(found):
    rows = tuple(
        (
            optimizer_label(f["optimizer"]),
            str(f["threads"]),
            interval(f["crossing"]) if f["crossing"] else _beyond(f["points"]),
            bytes_text(round(f["bytes"])) if f["bytes"] else "–",
            "–" if f["serial_below"] is None else grouped(round(f["serial_below"])),
        )
        for f in found
    )
    headers = ("optimizer", "threads", "parameters from which on threads pay", "their bytes")
    return Table(
        (*headers, "the library runs serially below"),
        rows,
        "Serial steps beside parallel ones that were forced; where the ratio of their times falls below 1.",
    )


def _beyond(points):
    sizes = sorted(points)
    if points[sizes[-1]] >= 1:
        return f"above {grouped(sizes[-1])}"
    return f"below {grouped(sizes[0])}"


def _dealing_text(rows):
    best = min(rows, key=lambda r: r["ratio"].value)
    return (
        f"Dealing blocks out another way takes {span([r['ratio'].value for r in rows])} × the time of"
        f" `{REFERENCE[0]}` with {grouped(REFERENCE[1])} elements a block; the least is"
        f" `{best['partitioner']}` with {grouped(best['block'])}: {interval(best['ratio'])}."
        " Results do not depend on it."
    )


def _dealing_table(rows):
    blocks = sorted({r["block"] for r in rows})
    table = {}
    for r in rows:
        table.setdefault((r["optimizer"], r["n"], r["level"], r["threads"], r["partitioner"]), {})[
            r["block"]
        ] = r
    lines = tuple(
        (
            optimizer_label(optimizer),
            level,
            grouped(n),
            str(threads),
            partitioner,
            *(interval(by_block[b]["ratio"]) if b in by_block else "–" for b in blocks),
        )
        for (optimizer, n, level, threads, partitioner), by_block in table.items()
    )
    headers = ("optimizer", "bytes in", "parameters", "threads", "partitioner")
    return Table(
        (*headers, *(f"{grouped(b)} a block" for b in blocks)),
        lines,
        f"Time relative to `{REFERENCE[0]}` with {grouped(REFERENCE[1])} elements a block, round by round.",
        folded=True,
    )
