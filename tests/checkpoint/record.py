"""Runs the crash tests of the release preset and writes what they tried and found.

Usage: python3 tests/checkpoint/record.py FILE.json [KILLS]   (1000 where KILLS is left out) From the
repository's root, with core_test, checkpoint_test and checkpoint_memory_test built. The numbers are what
the tests leave as properties (tests/support/tally.hpp). Exit code 1 when a test failed.
"""

import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile

BIN = pathlib.Path("build/release/bin")
# program: the tests of it that are run
PROGRAMS = {
    "core_test": "FaultySave.*:DamagedCheckpoint.*",
    "checkpoint_memory_test": "CheckpointMemory.*",
    "checkpoint_test": "KilledWhileSaving.*",
}
OUTCOMES = ("old", "new", "other")


def run(program, kills):
    """What Google Test tells of one program as JSON; without a file (it crashed) one failed test."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "out.json")
        subprocess.run(
            [BIN / program, f"--gtest_filter={PROGRAMS[program]}", f"--gtest_output=json:{path}"],
            env=os.environ | {"STEPLAB_KILLS": str(kills)},
            stdout=subprocess.DEVNULL,
        )
        if not path.exists():
            return {"tests": 1, "failures": 1, "testsuites": []}
        return json.loads(path.read_text())


def numbers(told, suite):
    """Sums of the numbers that the tests of a suite left, by name."""
    sums = {}
    for found in told["testsuites"]:
        for test in found["testsuite"] if found["name"] == suite else ():
            for name, text in test.items():
                if isinstance(text, str) and text.isdecimal():
                    sums[name] = sums.get(name, 0) + int(text)
    return sums


def faults(found):
    """`fault.call.outcome` properties as rows: how often a fault was tried at a call, and what the file
    was then."""
    rows = {}
    for name, count in found.items():
        fault, call, outcome = (name.split(".") + ["", ""])[:3]
        if outcome in OUTCOMES:
            none = dict.fromkeys(OUTCOMES, 0)
            row = rows.setdefault((fault, call), {"fault": fault, "call": call, "tried": 0} | none)
            row[outcome] += count
            row["tried"] += count
    return list(rows.values())


def record_of(told):
    """The record's numbers from what Google Test told of each program."""
    saves = numbers(told["core_test"], "FaultySave")
    damage = numbers(told["core_test"], "DamagedCheckpoint")
    kills = numbers(told["checkpoint_test"], "KilledWhileSaving")
    loads = numbers(told["checkpoint_memory_test"], "CheckpointMemory")
    failed = sum(one["failures"] for one in told.values())
    return {
        "passed": failed == 0 and all(one["tests"] > 0 for one in told.values()),
        "tests": sum(one["tests"] for one in told.values()),
        "failed": failed,
        "faults": faults(saves),
        "crashes": {name: saves.get(name) for name in ("leftovers", "leftovers_after_the_next_save")},
        "kills": {
            name: kills.get(name)
            for name in ("kills", "whole", "other", "states", "leftovers", "leftovers_after_the_next_save")
        },
        "loads": {name: loads.get(name) for name in ("failed_allocations", "unchanged")},
        "damage": {name: damage.get(name) for name in ("damaged", "unnoticed")},
    }


def main(path, kills="1000"):
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    record = {
        "format": 1,
        "date": datetime.date.today().isoformat(),
        "commit": commit.stdout.strip(),
        "command": f"python3 tests/checkpoint/record.py {path} {kills}",
    }
    record |= record_of({program: run(program, kills) for program in PROGRAMS})
    pathlib.Path(path).write_text(json.dumps(record, indent=2) + "\n")
    print(f"{record['tests']} tests, {record['failed']} failed: {path}")
    return 0 if record["passed"] else 1


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
