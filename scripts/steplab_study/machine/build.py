"""Installs what is missing and compiles the programs of the study; the output of both stays visible."""

import os
import subprocess
from pathlib import Path

from ..errors import StudyError

ROOT = Path(__file__).resolve().parents[3]
# Program: the target that makes it. The target `steplab` is the library.
TARGETS = {
    "steplab": "steplab_program",
    "bench_step": "bench_step",
    "bench_ceilings": "bench_ceilings",
    "bench_memory": "bench_memory",
}


def default_build_directory():
    return ROOT / "build" / "release"


def setup():
    """Scripts/setup: no apt when nothing is missing."""
    run([str(ROOT / "scripts" / "setup")])


def build():
    """The release preset's programs, {name: path}."""
    run(["cmake", "--preset", "release", "--log-level=WARNING"])
    run(
        ["cmake", "--build", "--preset", "release", "--parallel", str(os.cpu_count()), "--target"]
        + list(TARGETS.values())
    )
    return programs_in(default_build_directory())


def run(command, folder=ROOT, output=None):
    """Run a command in `folder`, what it prints visible in `output` (stdout); StudyError when it
    fails."""
    print(f"study: {Path(command[0]).name} {' '.join(command[1:])}", flush=True, file=output)
    try:
        subprocess.run(command, cwd=folder, check=True, stdout=output)
    except FileNotFoundError as error:
        raise StudyError(f"'{command[0]}' is not installed") from error
    except subprocess.CalledProcessError as error:
        raise StudyError(f"'{command[0]}' failed with exit code {error.returncode}") from error


def programs_in(build_directory):
    """{name: path} of the built programs; raises with the missing one's name."""
    found = {name: Path(build_directory) / "bin" / name for name in TARGETS}
    for name, path in found.items():
        if not os.access(path, os.X_OK):
            raise StudyError(f"'{path}' is not there: build the release preset, or give another --build-dir")
    return found
