"""What is committed of a results store: sorted JSON lines, xz-compressed, from which the report is drawn.

DIR/export has, one row a line:

    meta.json                     {"export_version", "files"}; other versions are refused
    runs.jsonl.xz                 the latest run: profile, settings, machine
    targets.jsonl.xz              what plans froze
    cells.jsonl.xz                the latest rounds of bench_step, each with its samples; their predictions
    memory.jsonl.xz               the latest run of bench_memory
    trials-WORKLOAD.jsonl.xz      results of trials; trials-other.jsonl.xz those without a workload
    timings.jsonl.xz              results that are times: of one round and one machine
    peers.json.xz                 DIR/peers.json as it is

The same results give the same bytes: rows are sorted, and say neither when nor how fast they were computed,
only by which commit. exported.py reads it.
"""

import json
import lzma
import tempfile
from pathlib import Path

from ..errors import StudyError
from .store import canonical

FOLDER = "export"
EXPORT_VERSION = 1
META = "meta.json"
_PRESET = 6  # of xz: 9 gives the same bytes up to 8 MiB a file


def files_of(store, results, frozen):
    """{name: bytes} of an export: `results` [(config, result, commit)], and names of frozen values."""
    rows = {"runs": _runs(store), "targets": _frozen(store, frozen)}
    for file, program in (("cells", "bench_step"), ("memory", "bench_memory")):
        rows[file] = _batches(store, program)
    for config, result, commit in results:
        row = {"table": "results", "config": config, "made_by": commit, "result": result}
        rows.setdefault(_file_of(config), []).append(row)
    return {f"{file}.jsonl.xz": packed(_lines(some)) for file, some in rows.items() if some}


def write(directory, files):
    """DIR/export with these files alone: it is there whole, or as it was; returns its path."""
    folder = Path(directory) / FOLDER
    try:
        with tempfile.TemporaryDirectory(dir=directory, prefix=".export-") as scratch:
            new, old = Path(scratch) / "new", Path(scratch) / "old"
            new.mkdir()
            for name, content in files.items():
                (new / name).write_bytes(content)
            meta = {"export_version": EXPORT_VERSION, "files": sorted(files)}
            (new / META).write_text(json.dumps(meta, indent=1) + "\n")
            if folder.exists():
                folder.replace(old)
            new.replace(folder)
    except OSError as error:
        raise StudyError(f"cannot write '{folder}': {error.strerror}") from error
    return folder


def packed(content):
    return lzma.compress(content, preset=_PRESET)


def _file_of(config):
    if "round" in config:
        return "timings"
    return f"trials-{config.get('of', config).get('workload', 'other')}"


def _lines(rows):
    """Sorted by what a result is of; batches stay in the order of rounds."""
    if rows[0]["table"] == "results":
        rows = sorted(rows, key=lambda row: canonical(row["config"]))
    return "".join(canonical(row) + "\n" for row in rows).encode()


def _runs(store):
    return [
        {"table": "runs", **{name: run[name] for name in ("profile", "settings", "machine")}}
        for run in store.runs()[-1:]
    ]


def _frozen(store, names):
    return [{"table": "frozen", "name": name, "value": store.frozen(name)} for name in sorted(names)]


def _batches(store, program):
    batches = store.latest_batches(program)
    if not batches:
        return []
    key = batches[0]["key"]
    samples = {b["round"]: [] for b in batches}
    if program == "bench_memory":
        samples[batches[-1]["round"]] = [list(row) for row in store.memory(key)]
    else:
        for number, name, sample in store.cells(key):
            samples[number].append([name, sample])
    names = ("key", "round", "program", "settings", "health")
    rows = [
        {"table": "batches", **{name: b[name] for name in names}, "samples": samples[b["round"]]}
        for b in sorted(batches, key=lambda b: b["round"])
    ]
    return rows + _frozen(store, [name for name in store.frozen_names() if name.endswith(key)])
