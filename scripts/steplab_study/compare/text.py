"""A comparison as text for a terminal, as Markdown and as JSON."""

from ..wording.numbers import grouped, interval, number, plural
from .rule import change, summary

_COLUMNS = ("verdict", "time B ÷ A", "change", "p", "A ns", "B ns", "samples", "cell")


def as_json(comparison):
    a, b = comparison.sides
    return {
        "kind": a.kind,
        "a": a.label,
        "b": b.label,
        "minimum_effect": comparison.effect,
        "aa_difference": comparison.aa,
        "summary": summary(comparison.cells, comparison.effect),
        "warnings": comparison.warnings,
        "cells": [_cell_json(cell, a, b) for cell in comparison.cells],
        "only_in_a": comparison.only(0),
        "only_in_b": comparison.only(1),
        "failed_in_a": a.failed,
        "failed_in_b": b.failed,
    }


def _cell_json(cell, a, b):
    return {
        "id": cell.id,
        "verdict": cell.verdict,
        "ratio": cell.ratio.value,
        "ratio_low": cell.ratio.low,
        "ratio_high": cell.ratio.high,
        "p": cell.p,
        **{
            f"{name}_{key}": value
            for name, side, time in (("a", a, cell.a), ("b", b, cell.b))
            for key, value in (
                ("ns_per_parameter", time.value),
                ("samples", time.count),
                ("polluted", side.dropped[cell.id]),
            )
        },
    }


def text_lines(comparison):
    """The table, largest effect first, then what else is to be known, then the summary."""
    rows = [_COLUMNS] + [_row(cell) for cell in comparison.cells]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_COLUMNS) - 1)]
    for row in rows:
        yield "  ".join([word.ljust(width) for word, width in zip(row, widths)] + [row[-1]])
    yield ""
    yield from notes(comparison)
    yield summary(comparison.cells, comparison.effect)


def markdown(comparison):
    a, b = comparison.sides
    lines = [f"# Time per step: {a.label} (A) against {b.label} (B)", ""]
    lines += [summary(comparison.cells, comparison.effect) + ".", ""]
    lines += [f"| {' | '.join(_COLUMNS)} |", "|" + " --- |" * len(_COLUMNS)]
    lines += [f"| {' | '.join((*row[:-1], f'`{row[-1]}`'))} |" for row in map(_row, comparison.cells)]
    lines += [""] + [f"- {note}" for note in notes(comparison)]
    return "\n".join(lines) + "\n"


def notes(comparison):
    """How to read the table, and what is not in it."""
    yield (
        "Times are medians over rounds in ns per parameter, the ratio with its 95 % interval, p of"
        " the Mann-Whitney test corrected over the cells (Benjamini-Hochberg)."
    )
    if comparison.aa is not None:
        own = number(100 * comparison.aa, 2)
        yield f"A/A: a side differs from itself by up to {own} % in 95 % of the cells."
    yield from comparison.warnings
    dropped, taken = comparison.dropped()
    if dropped:
        yield f"{grouped(dropped)} of {plural(taken, 'sample')} were polluted and left out."
    for place, side in zip("AB", comparison.sides):
        for cell in comparison.only("AB".index(place)):
            yield f"Only {place} has {cell}."
        for cell, error in side.failed.items():
            yield f"{place} has no number of {cell}: {error}"


def _row(cell):
    return (
        cell.verdict,
        interval(cell.ratio, 4),
        change(cell.ratio.value),
        number(cell.p, 2),
        number(cell.a.value, 4),
        number(cell.b.value, 4),
        f"{cell.a.count} / {cell.b.count}",
        cell.id,
    )
