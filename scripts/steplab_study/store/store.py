"""The results store: one SQLite file. A round of a benchmark is committed at once, results of trials by
commit().

A store of another schema version is refused and left untouched. Keys are SHA-256 of canonical JSON of
everything that decides a result, so that running again finds what is done. Host names and executable
paths never enter.
"""

import hashlib
import json
import sqlite3
import time
import zlib
from pathlib import Path

from ..errors import StudyError
from .compact import compact

SCHEMA_VERSION = "3"
FILE_NAME = "store.sqlite"
COMPRESSION = 6
PRIVATE_KEYS = frozenset({"host_name", "executable", "record"})

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE runs (
  id INTEGER PRIMARY KEY, started REAL, finished REAL, profile TEXT, parts TEXT, settings TEXT, machine TEXT);
CREATE TABLE batches (
  key TEXT, round INTEGER, program TEXT, settings TEXT, health TEXT, finished REAL, PRIMARY KEY (key, round));
CREATE TABLE cells (batch TEXT, round INTEGER, id TEXT, sample TEXT, PRIMARY KEY (batch, round, id));
CREATE TABLE memory (batch TEXT, id TEXT, sample TEXT, PRIMARY KEY (batch, id));
CREATE TABLE results (
  key TEXT PRIMARY KEY, config TEXT, result BLOB, seconds REAL, finished REAL, made_by TEXT);
CREATE TABLE frozen (name TEXT PRIMARY KEY, value TEXT NOT NULL, finished REAL);
"""


def canonical(value):
    """JSON text that is the same for equal values."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def key_of(value):
    """The key of a configuration: SHA-256 of its canonical JSON."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def scrub(value):
    """A copy of a JSON value without host names and executable paths."""
    if isinstance(value, dict):
        return {k: scrub(v) for k, v in value.items() if k not in PRIVATE_KEYS}
    if isinstance(value, list):
        return [scrub(v) for v in value]
    return value


class Store:
    """Opened by `Store.open(directory)` to write or `Store.read(directory)` to report; exported.read gives
    that or an export's content."""

    def __init__(self, connection, path):
        self._db = connection
        self.path = path
        self.made_by = ""  # the commit whose programs compute what is added

    @classmethod
    def open(cls, directory):
        """Open the store in `directory`, or create it there."""
        path = Path(directory) / FILE_NAME
        try:
            fresh = not path.exists()
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, check_same_thread=False)
            if fresh:
                connection.executescript(_TABLES)
                connection.execute("INSERT INTO meta VALUES ('schema_version', ?)", (SCHEMA_VERSION,))
                connection.commit()
        except (OSError, sqlite3.Error) as error:
            raise StudyError(
                f"results cannot be kept in '{directory}': {error}; "
                "give a folder that can be written with --out"
            ) from error
        return cls._checked(connection, path)

    @classmethod
    def read(cls, directory):
        """Open an existing store without the right to write."""
        path = Path(directory) / FILE_NAME
        if not path.is_file():
            raise StudyError(
                f"no results in '{directory}': it has no {FILE_NAME}; "
                "give the folder that ./scripts/study wrote with --out"
            )
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        return cls._checked(connection, path)

    @classmethod
    def in_memory(cls, path):
        """An empty store for what was read from `path`."""
        connection = sqlite3.connect(":memory:")
        connection.executescript(_TABLES)
        return cls(connection, path)

    def forbid_writing(self):
        self._db.execute("PRAGMA query_only = ON")

    @classmethod
    def _checked(cls, connection, path):
        try:
            row = connection.execute("SELECT value FROM meta WHERE name = 'schema_version'").fetchone()
        except sqlite3.DatabaseError as error:
            connection.close()
            raise StudyError(f"'{path}' is not a results store: {error}") from error
        if row is None or row[0] != SCHEMA_VERSION:
            connection.close()
            found = "none" if row is None else row[0]
            raise StudyError(
                f"'{path}' has store version {found}; this program reads version {SCHEMA_VERSION}. "
                "It was left as it is: give another --out, or use the program that wrote it"
            )
        return cls(connection, path)

    def close(self):
        self._db.close()

    # ---- runs ------------------------------------------------------------------------------------
    def begin_run(self, profile, parts, settings, machine):
        with self._db:
            cursor = self._db.execute(
                "INSERT INTO runs (started, profile, parts, settings, machine) VALUES (?, ?, ?, ?, ?)",
                (time.time(), profile, ",".join(parts), canonical(settings), canonical(scrub(machine))),
            )
        return cursor.lastrowid

    def finish_run(self, run):
        with self._db:
            self._db.execute("UPDATE runs SET finished = ? WHERE id = ?", (time.time(), run))

    def runs(self):
        rows = self._db.execute(
            "SELECT id, started, finished, profile, parts, settings, machine FROM runs ORDER BY id"
        )
        names = ("id", "started", "finished", "profile", "parts", "settings", "machine")
        found = [dict(zip(names, row)) for row in rows]
        for run in found:
            run["parts"] = run["parts"].split(",")
            run["settings"], run["machine"] = json.loads(run["settings"]), json.loads(run["machine"])
        return found

    def latest_settings(self):
        """What the latest run was configured with; StudyError when nothing ever ran."""
        runs = self.runs()
        if not runs:
            raise StudyError(f"'{self.path}' holds no run yet")
        return runs[-1]["settings"]

    # ---- benchmark batches -----------------------------------------------------------------------
    def has_batch(self, key, round_number):
        return (
            self._db.execute(
                "SELECT 1 FROM batches WHERE key = ? AND round = ?", (key, round_number)
            ).fetchone()
            is not None
        )

    def add_batch(self, key, round_number, program, settings, health, samples):
        """One finished process of a benchmark program with all its samples [(id, dict)], in one
        transaction."""
        table = "memory" if program == "bench_memory" else "cells"
        with self._db:
            self._db.execute(
                "INSERT OR REPLACE INTO batches VALUES (?, ?, ?, ?, ?, ?)",
                (key, round_number, program, canonical(settings), canonical(health), time.time()),
            )
            for name, sample in samples:
                row = (
                    (key, name, canonical(sample))
                    if table == "memory"
                    else (key, round_number, name, canonical(sample))
                )
                self._db.execute(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", row)

    def batches(self):
        """Finished batches, oldest first."""
        rows = self._db.execute(
            "SELECT key, round, program, settings, health, finished FROM batches ORDER BY finished, round"
        )
        return [
            {
                "key": k,
                "round": r,
                "program": p,
                "settings": json.loads(s),
                "health": json.loads(h),
                "finished": f,
            }
            for k, r, p, s, h, f in rows
        ]

    def latest_batches(self, program):
        """Those of a program with the key of its latest one."""
        found = [b for b in self.batches() if b["program"] == program]
        return [b for b in found if b["key"] == found[-1]["key"]]

    def cells(self, batch):
        """[(round, id, sample)] of one batch key, in this order."""
        rows = self._db.execute(
            "SELECT round, id, sample FROM cells WHERE batch = ? ORDER BY round, id", (batch,)
        )
        return [(r, i, json.loads(s)) for r, i, s in rows]

    def memory(self, batch):
        """[(id, sample)] of one batch key, in this order."""
        rows = self._db.execute("SELECT id, sample FROM memory WHERE batch = ? ORDER BY id", (batch,))
        return [(i, json.loads(s)) for i, s in rows]

    # ---- results of configurations: trials, followed updates, timings ------------------------------
    def has_result(self, config):
        return (
            self._db.execute("SELECT 1 FROM results WHERE key = ?", (key_of(config),)).fetchone() is not None
        )

    def result(self, config):
        """What `add_result` kept, None when there is nothing."""
        return self.result_and_commit(config)[0]

    def result_and_commit(self, config):
        """What `add_result` kept and the commit that computed it; (None, None) when there is nothing."""
        row = self._db.execute(
            "SELECT result, made_by FROM results WHERE key = ?", (key_of(config),)
        ).fetchone()
        return (None, None) if row is None else (json.loads(zlib.decompress(row[0])), row[1])

    def add_result(self, config, result, seconds):
        """Keep a result, compact and compressed; its configuration stays readable text, and the commit that
        computed it stands beside it. It is lost with the process until commit()."""
        packed = zlib.compress(canonical(scrub(compact(result))).encode(), COMPRESSION)
        row = key_of(config), canonical(config), packed, round(seconds, 3), round(time.time()), self.made_by
        self._db.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?)", row)

    def commit(self):
        """Keep all results given so far, whatever happens to the process."""
        self._db.commit()

    def result_count(self):
        return self._db.execute("SELECT COUNT(*) FROM results").fetchone()[0]

    def freeze(self, name, value):
        """Keep the first value ever given under `name`, and return the one that is kept: it is never
        moved."""
        with self._db:
            self._db.execute(
                "INSERT OR IGNORE INTO frozen VALUES (?, ?, ?)", (name, canonical(value), round(time.time()))
            )
        return self.frozen(name)

    def frozen(self, name):
        row = self._db.execute("SELECT value FROM frozen WHERE name = ?", (name,)).fetchone()
        return None if row is None else json.loads(row[0])

    def frozen_names(self):
        return [name for name, in self._db.execute("SELECT name FROM frozen ORDER BY name")]

    def contents(self):
        """What identifies everything here: {("results", key), ("batches", key, round), ("frozen", name)}."""
        rows = (
            "SELECT 'results', key FROM results",
            "SELECT 'batches', key, round FROM batches",
            "SELECT 'frozen', name FROM frozen",
        )
        return {row for query in rows for row in self._db.execute(query)}
