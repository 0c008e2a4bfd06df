"""A results folder's store, or what its export holds (export.py) in its place.

All of an export is read before any of it is used: nothing is imported by half.
"""

import json
import lzma
import shutil
import tempfile
from pathlib import Path

from ..errors import StudyError
from .export import EXPORT_VERSION, FOLDER, META
from .store import FILE_NAME, Store

_AGAIN = "check out the whole folder again, or write it again with ./scripts/study export where its store is"
_COLUMNS = {
    "runs": {"profile", "settings", "machine"},
    "frozen": {"name", "value"},
    "batches": {"key", "round", "program", "settings", "health", "samples"},
    "results": {"config", "result", "made_by"},
}


def has_results(directory):
    """True where a store or an export can be read."""
    return (Path(directory) / FILE_NAME).is_file() or has_export(directory)


def has_export(directory):
    return (Path(directory) / FOLDER / META).is_file()


def read(directory):
    """The results of a folder, to report: its store, else its export in memory."""
    if (Path(directory) / FILE_NAME).is_file():
        return Store.read(directory)
    if not has_export(directory):
        raise StudyError(
            f"no results in '{directory}': it has no {FILE_NAME} and no {FOLDER}/{META}; "
            "give the folder that ./scripts/study wrote with --out"
        )
    rows = _rows(directory)
    store = Store.in_memory(Path(directory) / FOLDER)
    _fill(store, rows)
    store.forbid_writing()
    return store


def restore(directory):
    """DIR/store.sqlite again from DIR/export; StudyError where that would lose results."""
    directory = Path(directory)
    rows = _rows(directory)
    with tempfile.TemporaryDirectory(dir=directory, prefix=".import-") as scratch:
        store = Store.open(scratch)
        _fill(store, rows)
        there = store.contents()
        store.close()
        if (directory / FILE_NAME).exists():
            _check_nothing_is_lost(directory, there)
        shutil.move(Path(scratch) / FILE_NAME, directory / FILE_NAME)
    return directory / FILE_NAME


def _check_nothing_is_lost(directory, there):
    store = Store.read(directory)
    lost = store.contents() - there
    store.close()
    if lost:
        raise StudyError(
            f"'{directory / FILE_NAME}' has {len(lost)} results that the export lacks, which an import would"
            " lose: move it away first, or draw the report from it as it is"
        )


def unpacked(directory, name):
    """The content of one file of an export; StudyError where it is missing or damaged."""
    path = Path(directory) / FOLDER / name
    try:
        return lzma.decompress(path.read_bytes())
    except FileNotFoundError as error:
        raise StudyError(f"'{path}' is missing, although {META} lists it; {_AGAIN}") from error
    except (OSError, lzma.LZMAError) as error:
        raise StudyError(f"'{path}' is damaged: {error}; {_AGAIN}") from error


def names(directory):
    """Names of an export's files; StudyError without one, or for one of another version."""
    path = Path(directory) / FOLDER / META
    if not path.is_file():
        raise StudyError(
            f"no export in '{directory}': it has no {FOLDER}/{META}; "
            "give a results folder with what ./scripts/study export wrote"
        )
    try:
        meta = json.loads(path.read_text())
        version, found = meta["export_version"], meta["files"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StudyError(f"'{path}' is damaged: {error!r}; {_AGAIN}") from error
    if version != EXPORT_VERSION:
        raise StudyError(
            f"'{path}' has export version {version!r}; this program reads version {EXPORT_VERSION}: "
            "use the program that wrote it"
        )
    return found


def _rows(directory):
    """All rows of the tables, checked."""
    found = []
    for name in (n for n in names(directory) if n.endswith(".jsonl.xz")):
        content = unpacked(directory, name)
        try:
            found += [_checked(json.loads(line)) for line in content.splitlines()]
        except (ValueError, KeyError, TypeError) as error:
            path = Path(directory) / FOLDER / name
            raise StudyError(f"'{path}' is damaged: {error!r}; {_AGAIN}") from error
    return found


def _checked(row):
    if row.keys() != {"table"} | _COLUMNS[row["table"]]:
        raise ValueError(f"a row of {row['table']} has {', '.join(sorted(row))}")
    return row


def _fill(store, rows):
    for row in rows:
        _ADD[row["table"]](store, row)
    store.commit()


def _add_run(store, row):
    store.begin_run(row["profile"], (), row["settings"], row["machine"])


def _add_batch(store, row):
    key, number, program = row["key"], row["round"], row["program"]
    store.add_batch(key, number, program, row["settings"], row["health"], row["samples"])


def _add_result(store, row):
    store.made_by = row["made_by"]
    store.add_result(row["config"], row["result"], 0)


_ADD = {
    "runs": _add_run,
    "frozen": lambda store, row: store.freeze(row["name"], row["value"]),
    "batches": _add_batch,
    "results": _add_result,
}
