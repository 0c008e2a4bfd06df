"""Runs final_states of every build and processor that is here and writes what came out.

Usage: python3 tests/architectures/record.py FILE.json, from the repository's root, after each preset of
BUILDS that shall be in it was built. A run whose program or emulator is missing is in the file as such.
Exit code 1 when any bits differ.
"""

import datetime
import json
import pathlib
import re
import subprocess
import sys
import time

EXPECTED = "tests/architectures/final_states.txt"
LINE = re.compile(r"^(\S+/\S+): (\d+) cases, (\d+) differ$", re.MULTILINE)

# preset, architecture, processor, emulator
BUILDS = [
    ("release", "x86_64", "this machine's", ""),
    ("clang", "x86_64", "this machine's", ""),
    ("release", "x86_64", "Nehalem (SSE4.2, no AVX)", "qemu-x86_64-static -cpu Nehalem"),
    (
        "aarch64",
        "aarch64",
        "the emulator's default (max)",
        "qemu-aarch64-static -L /usr/aarch64-linux-gnu",
    ),
]
# On aarch64 also all tests that the emulator can show: equivalence, oracle, traces, determinism.
CTEST = ("aarch64", "slow")


def first_line(*command):
    """The first line that a command prints; empty where it does not run."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return ""


def compiler(preset):
    """Name and version of the compiler of a build folder."""
    cache = pathlib.Path("build", preset, "CMakeCache.txt").read_text()
    found = re.search(r"^CMAKE_CXX_COMPILER:\w+=(.+)$", cache, re.MULTILINE)
    return first_line(found[1] if found else "aarch64-linux-gnu-g++", "--version")


def run_final_states(preset, architecture, processor, emulator):
    """One entry of the file."""
    program = f"build/{preset}/bin/final_states"
    command = f"{emulator} {program} {EXPECTED}".strip()
    entry = {"architecture": architecture, "processor": processor, "command": command}
    if not pathlib.Path(program).exists() or emulator and not first_line(emulator.split()[0], "--version"):
        return entry | {"run": False}
    begun = time.monotonic()
    done = subprocess.run(command.split(), capture_output=True, text=True)
    found = LINE.findall(done.stdout)
    return entry | {
        "run": True,
        "emulator": first_line(emulator.split()[0], "--version") if emulator else None,
        "compiler": compiler(preset),
        "variants": [variant for variant, _, _ in found],
        "cases": min((int(cases) for _, cases, _ in found), default=0),
        "different": sum(int(different) for _, _, different in found),
        "equal": done.returncode == 0 and bool(found),
        "seconds": round(time.monotonic() - begun, 1),
    }


def run_ctest(preset, but):
    """The other tests of a preset, as ctest counts them."""
    command = ["ctest", "--preset", preset, "--parallel", "3", "-LE", but]
    done = subprocess.run(command, capture_output=True, text=True)
    found = re.search(r"(\d+) tests failed out of (\d+)", done.stdout)
    failed, tests = (int(found[1]), int(found[2])) if found else (0, 0)
    return {
        "command": f"ctest --preset {preset} --parallel 3 -LE {but}",
        "tests": tests,
        "failed": failed,
        "passed": done.returncode == 0 and tests > 0,
    }


def main(path):
    record = {
        "date": datetime.date.today().isoformat(),
        "commit": first_line("git", "rev-parse", "HEAD"),
        "command": f"python3 tests/architectures/record.py {path}",
        "expected": EXPECTED,
        "runs": [run_final_states(*build) for build in BUILDS],
    }
    if pathlib.Path("build", CTEST[0], "bin").exists():
        record["tests_on_aarch64"] = run_ctest(*CTEST)
    pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
    pathlib.Path(path).write_text(json.dumps(record, indent=2) + "\n")
    wrong = [run["command"] for run in record["runs"] if run["run"] and not run["equal"]]
    print("\n".join(f"differs: {command}" for command in wrong) or "no bits differ")
    return 1 if wrong or not record.get("tests_on_aarch64", {}).get("passed", True) else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
