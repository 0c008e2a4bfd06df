"""The two sides of a comparison: results folders with stored samples, or commits that are built.

A side's cells are those of bench_step that have a time; ceilings and limits are left out. Polluted
samples are dropped by the rule of benchmarks/disturbed.py.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from ..benchmarks.cell import Cell
from ..errors import StudyError, UsageError
from ..machine import build
from ..store import exported

CACHE = build.ROOT / "build" / "compare"


@dataclass
class Side:
    """`samples`: {cell id: ns per parameter by round}; `failed`: {cell id: error}."""

    label: str
    kind: str  # "folder" or "commit"
    machine: dict = field(default_factory=dict)
    samples: dict = field(default_factory=dict)
    dropped: dict = field(default_factory=dict)  # {cell id: polluted samples left out}
    failed: dict = field(default_factory=dict)

    def take(self, samples):
        """Add [(cell id, sample of bench_step)] in the order of rounds."""
        cells = {}
        for name, sample in samples:
            if name.startswith(("ceiling/", "limit/", "drift/")):
                continue
            if "error" in sample:
                self.failed[name] = sample["error"]
            elif sample.get("ns_per_parameter"):
                cell = cells.setdefault(name, Cell(name, 0))
                cell.taken.append((len(cell.taken), sample))
        for name, cell in cells.items():
            if name not in self.failed:  # wrong once is wrong
                cell.settle()
                self.dropped[name] = len(cell.polluted)
                self.samples[name] = cell.samples
        return self

    def only(self, pattern):
        """Leave out the cells whose id a regular expression does not fit."""
        self.samples = {name: some for name, some in self.samples.items() if re.search(pattern, name)}
        self.failed = {name: error for name, error in self.failed.items() if re.search(pattern, name)}
        return self


def check_filter(pattern):
    try:
        re.compile(pattern)
    except re.error as error:
        raise UsageError(f"--filter '{pattern}' is not a regular expression: {error}") from error


def kinds_of(names):
    """'folder' or 'commit' of both; UsageError where they differ or one is neither.

    A name that is both a results folder and a commit is the folder.
    """
    kinds = [_kind(name) for name in names]
    if kinds[0] != kinds[1]:
        raise UsageError(f"'{names[0]}' is a {kinds[0]} and '{names[1]}' is a {kinds[1]}: give two of a kind")
    return kinds[0]


def _kind(name):
    if exported.has_results(name):
        return "folder"
    if commit_of(name) is not None:
        return "commit"
    raise UsageError(
        f"'{name}' is neither a results folder (with store.sqlite or an export) nor a commit that git knows"
    )


def stored(directory):
    """The latest bench_step samples of a results folder."""
    store = exported.read(directory)
    try:
        batches = store.latest_batches("bench_step")
        if not batches:
            raise StudyError(f"'{directory}' has no samples of bench_step: run ./scripts/study --only step")
        runs = store.runs()
        samples = [(name, sample) for _, name, sample in store.cells(batches[-1]["key"])]
        return Side(str(directory), "folder", runs[-1]["machine"] if runs else {}).take(samples)
    finally:
        store.close()


def commit_of(name):
    """The full id of a commit; None when git does not know it."""
    if name.startswith("-"):
        return None
    command = ["git", "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"]
    try:
        done = subprocess.run(command, cwd=build.ROOT, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise StudyError("'git' is not installed") from error
    return done.stdout.strip() if done.returncode == 0 else None


def built(commit, cache=CACHE):
    """Path of a commit's bench_step, built in a worktree of its own where the cache does not have it
    yet."""
    program = Path(cache) / commit / "bench_step"
    if not os.access(program, os.X_OK):
        source = program.parent / "source"
        _remove_worktree(source)
        _run(["git", "worktree", "add", "--quiet", "--detach", str(source), commit])
        _run(["cmake", "--preset", "release", "--log-level=WARNING"], source)
        jobs = str(os.cpu_count())
        _run(
            ["cmake", "--build", "--preset", "release", "--parallel", jobs, "--target", "bench_step"], source
        )
        finished = source / "build" / "release" / "bin" / "bench_step"
        shutil.copy2(finished, program.with_suffix(".new"))
        program.with_suffix(".new").replace(program)  # whole or not there
        _remove_worktree(source)
    return program


def _remove_worktree(source):
    shutil.rmtree(source, ignore_errors=True)
    _run(["git", "worktree", "prune"])


def _run(command, folder=build.ROOT):
    """What is built is said on stderr: stdout is the comparison's."""
    build.run(command, folder, sys.stderr)
