"""Runs the tests under sanitizers and adds to a file what came out.

Usage: python3 tests/sanitizers/record.py FILE.json RUN...   From the repository's root, each preset of
RUNS built. A tool has one entry, the last; entries of tools that are not run now stay. Exit code 1 when a
test failed.
"""

import datetime
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree

# run: tool, what it runs over, its preset, ctest's other arguments, the program whose version counts
RUNS = {
    "asan": (
        "AddressSanitizer and UndefinedBehaviorSanitizer",
        "all tests of C++ and the fuzz targets over their committed corpora",
        *("asan", [], "clang++"),
    ),
    "tsan": (
        "ThreadSanitizer",
        "the blocks of a step on `std::thread`s (tests labelled threads)",
        *("tsan", [], "clang++"),
    ),
    "memcheck": (
        "Valgrind memcheck",
        "tests of state and the corpora of the fuzz targets (tests labelled memcheck)",
        *("release", ["-L", "memcheck"], "valgrind"),
    ),
}
# How ctest says that a test itself asked to be skipped; any other "notrun" is a test that should have run.
SKIPPED = re.compile("SKIP_RETURN_CODE|SKIP_REGULAR_EXPRESSION")


def counted(junit):
    """Tests that ran or should have, those of them that failed, and seconds, from ctest's JUnit file."""
    suite = xml.etree.ElementTree.fromstring(junit)
    tests = failed = skipped = 0
    for case in suite.iter("testcase"):
        status, why = case.get("status"), case.find("skipped")
        if status == "disabled" or status == "notrun" and SKIPPED.search(why.get("message", "")):
            skipped += 1
            continue
        tests += 1
        failed += status != "run"
    return {"tests": tests, "failed": failed, "skipped": skipped, "seconds": round(float(suite.get("time")))}


def entry(tool, what, version, command, junit, code):
    """One run as the file has it.

    `junit` is empty when ctest wrote none.
    """
    found = counted(junit) if junit else {"tests": 0, "failed": 0, "skipped": 0, "seconds": 0}
    clean = code == 0 and found["tests"] > 0 and found["failed"] == 0
    result = "clean" if clean else "failed"
    return {"tool": tool, "version": version, "what": what} | found | {"result": result, "command": command}


def merged(record, entries):
    """The record with these entries in the place of the same tools' earlier ones."""
    runs = {one["tool"]: one for one in record.get("runs", [])}
    runs |= {one["tool"]: one for one in entries}
    return {"format": 1, "runs": list(runs.values())}


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]


def run(name):
    tool, what, preset, arguments, program = RUNS[name]
    junit = pathlib.Path("build", preset, f"{name}.junit.xml").resolve()
    junit.unlink(missing_ok=True)
    command = ["ctest", "--preset", preset, "--parallel", str(len(os.sched_getaffinity(0))), *arguments]
    done = subprocess.run([*command, "--output-junit", str(junit)])
    text = junit.read_text() if junit.exists() else ""
    found = entry(tool, what, first_line(program, "--version"), shlex.join(command), text, done.returncode)
    return found | {
        "commit": first_line("git", "rev-parse", "HEAD"),
        "date": datetime.date.today().isoformat(),
    }


def main(path, names):
    unknown = [name for name in names if name not in RUNS]
    if unknown:
        print(f"unknown run '{unknown[0]}'; accepted: {', '.join(RUNS)}", file=sys.stderr)
        return 2
    file = pathlib.Path(path)
    clean = True
    for name in names:
        found = run(name)
        clean = clean and found["result"] == "clean"
        record = json.loads(file.read_text()) if file.exists() else {}
        file.write_text(json.dumps(merged(record, [found]), indent=2) + "\n")
    return 0 if clean else 1


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
