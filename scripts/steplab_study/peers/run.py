"""The whole run: who is there, does each agree, what does its state weigh, and every cell's rounds.

DIR/peers.json is replaced after every finished piece, and a run that finds one of the same programs,
machine and profile goes on from it. What a peer of another version has left is measured again.
"""

from dataclasses import dataclass
from pathlib import Path

from ..errors import StudyError
from ..progress import Bar, say
from . import checks, json_file, memory, rounds as peers_rounds
from .asking import Failure
from .list import ALL, REFERENCE
from .pool import Pool
from .profiles import tensors_of

_SAME = ("profile", "programs", "machine")  # of a file that this run may go on from


@dataclass
class PeersRun:
    """`launch(peer, threads)`: argv and environment of a worker; `lists`: {network: elements of each
    tensor}."""

    profile: object
    peers: tuple
    threads: tuple
    directory: Path
    launch: object
    lists: dict
    heading: dict  # date, commit, programs, machine
    failed: dict  # {peer: why it could not be installed}

    def go(self):
        """What DIR/peers.json holds at the end."""
        self.found, self.there, self.designs = self._begin(), None, {}
        with Bar(None, "peers", "sample") as bar:
            for threads in self.threads:
                with Pool(threads, self.launch) as pool:
                    if self.there is None:
                        self._references(pool)
                        self.there = [peer for peer in self.peers if self._introduce(pool, peer)]
                        bar.expect(sum(self._samples(count) for count in self.threads))
                    self._one_pool(pool, bar)
        return self.found

    def _begin(self):
        found = json_file.read(self.directory)
        heading = {"format": json_file.FORMAT, **self.heading, "profile": self.profile.name}
        if found is not None and all(found.get(key) == heading[key] for key in _SAME):
            return found
        if found is not None:
            kept = json_file.set_aside(self.directory)
            say(f"other programs, machine or profile made {json_file.FILE_NAME}: it is {kept.name} now")
        lists = {
            name: tensors_of(name, self.lists) for name in (rounds.tensors for rounds in self.profile.rounds)
        }
        counts = {name: {"parameters": sum(some), "tensors": len(some)} for name, some in lists.items()}
        return {**heading, "lists": counts, "peers": {}, "checks": [], "memory": [], "cells": []}

    def _save(self):
        json_file.write(self.directory, self.found)

    def _references(self, pool):
        try:
            self.references = checks.references(pool, self.profile.rules)
        except Failure as failure:
            raise StudyError(f"{REFERENCE}, which every result is checked against: {failure}") from failure

    def _samples(self, threads):
        """To come with so many threads."""
        return len(self.there) * sum(rounds.count for _, rounds in self._missing(threads))

    def _missing(self, threads):
        """[(rule, Rounds)] that lack a row of a peer that is there."""
        rows = {(_key(row), row["peer"]) for row in self.found["cells"]}
        return [
            (rule, rounds)
            for rule, rounds in self.profile.cells()
            if any(((rule, rounds.tensors, threads), peer.name) not in rows for peer in self.there)
        ]

    def _one_pool(self, pool, bar):
        verdicts = {rule: self._check(pool, rule) for rule in self.profile.rules}
        if pool.threads == 1:
            self._weigh(pool, verdicts)
        for rule, rounds in self._missing(pool.threads):
            self._cell(pool, verdicts[rule], rule, rounds, bar)

    def _introduce(self, pool, peer):
        """Is it there?

        What it says of itself is kept; its results of another version are not.
        """
        before = self.found["peers"].get(peer.name)
        try:
            greeting = pool.greeting(peer)
        except Failure as failure:
            why = self.failed.get(peer.name) or str(failure)
            say(f"{peer.title}: not there: {why}")
            if not (before and before["installed"]):  # else its results stand
                self._enter(peer, {"title": peer.title, "version": None, "installed": False, "error": why})
            return False
        title, version = (str(greeting.get(key) or "") for key in ("title", "version"))
        self.designs[peer.name] = str(greeting.get("differs") or "")
        if before and before["version"] != version:
            for part in ("checks", "memory", "cells"):
                self.found[part] = [row for row in self.found[part] if row["peer"] != peer.name]
        self._enter(
            peer, {"title": title or peer.title, "version": version, "installed": True, "error": None}
        )
        return True

    def _enter(self, peer, entry):
        entries = {**self.found["peers"], peer.name: entry}
        self.found["peers"] = {known.name: entries[known.name] for known in ALL if known.name in entries}
        self._save()

    def _check(self, pool, rule):
        """{peer: its entry of checks}"""
        known = {
            c["peer"]: c for c in self.found["checks"] if (c["rule"], c["threads"]) == (rule, pool.threads)
        }
        for peer in self.there:
            if peer.name not in known:
                known[peer.name] = checks.check(
                    pool, peer, rule, self.references[rule], self.designs[peer.name]
                )
                self.found["checks"].append(known[peer.name])
                self._save()
                why = checks.why_not_timed(known[peer.name])
                if why and known[peer.name]["offered"]:
                    say(f"{peer.title}, {rule}, threads {pool.threads}: {why}")
        return known

    def _weigh(self, pool, verdicts):
        known = {(entry["peer"], entry["rule"]) for entry in self.found["memory"]}
        for rule, entries in verdicts.items():
            for peer in self.there:
                if (peer.name, rule) not in known and entries[peer.name]["agrees"]:
                    self.found["memory"].append(memory.weigh(pool, peer, rule))
                    self._save()

    def _cell(self, pool, verdicts, rule, rounds, bar):
        tensors = tensors_of(rounds.tensors, self.lists)
        refused = {peer.name: checks.why_not_timed(verdicts[peer.name]) for peer in self.there}
        timed = [peer for peer in self.there if refused[peer.name] is None]
        cell = {"rule": rule, "tensors": tensors, "seed": 1}
        sampled = peers_rounds.measure(pool, timed, cell, rounds, memory.available(), bar.update)
        for _ in range(rounds.count * (len(self.there) - len(timed))):
            bar.update()
        heading = {"rule": rule, "list": rounds.tensors, "threads": pool.threads}
        heading |= {"parameters": sum(tensors), "tensors": len(tensors)}
        rows = {s.peer.name: _row(heading, s) for s in sampled}
        for peer in self.there:
            if peer.name not in rows:
                rows[peer.name] = _refused(heading, peer, verdicts[peer.name], refused[peer.name])
        key = (rule, rounds.tensors, pool.threads)
        self.found["cells"] = [row for row in self.found["cells"] if _key(row) != key]
        self.found["cells"] += [rows[peer.name] for peer in self.there]
        self._save()


def _key(row):
    return row["rule"], row["list"], row["threads"]


def _row(heading, sampling):
    return {
        **heading,
        "peer": sampling.peer.name,
        "seconds": sampling.seconds,
        "prepare_seconds": sampling.prepare_seconds,
        "error": sampling.error,
        "offered": sampling.offered,
    }


def _refused(heading, peer, verdict, error):
    return {
        **heading,
        "peer": peer.name,
        "seconds": [],
        "prepare_seconds": None,
        "error": error,
        "offered": verdict["offered"],
    }
