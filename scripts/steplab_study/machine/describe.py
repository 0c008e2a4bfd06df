"""What this machine is, for the report and for the keys of timings; no host name, no path."""

import functools
import hashlib
import json
import os
import platform
import subprocess
from pathlib import Path

from ..errors import StudyError
from . import peers_python
from .build import ROOT
from .checks import System, huge_page_mode


def run_json(command):
    """The JSON object that a program prints; its own error text if it fails."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise StudyError(
            f"{Path(command[0]).name} {' '.join(map(str, command[1:]))}: "
            f"{done.stderr.strip() or f'exit code {done.returncode}'}"
        )
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError as error:
        raise StudyError(f"{Path(command[0]).name} printed no JSON: {error}") from error


def hardware(programs):
    """`steplab info` plus memory and kernel."""
    found = run_json([programs["steplab"], "info", "--json"])
    found["memory_bytes"] = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    found["system"] = f"{platform.system()} {platform.release().split('-')[0]}"
    found["machine"] = platform.machine()
    found["virtual"] = "hypervisor" in _cpu_flags()
    found["huge_pages"] = huge_page_mode(System()) or "unknown"
    return found


def describe(programs):
    """The hardware, and the versions of what the study itself runs on."""
    found = hardware(programs)
    found["hardware_counters"] = _has_counters()
    found["peers"] = peers_python.versions()
    found["study_versions"] = study_versions()
    return found


def study_versions():
    """{package: version} of the interpreter and of what computes and draws."""
    import matplotlib
    import numpy

    return {
        "Python": platform.python_version(),
        "NumPy": numpy.__version__,
        "matplotlib": matplotlib.__version__,
    }


@functools.cache
def commit():
    """The commit of this checkout, with "-changed" where files differ from it; empty outside of git."""
    try:
        done = [
            subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True)
            for words in (["rev-parse", "HEAD"], ["status", "--porcelain", "--untracked-files=no"])
        ]
    except FileNotFoundError:
        return ""
    found = done[0].stdout.strip() if done[0].returncode == 0 else ""
    return found + ("-changed" if found and done[1].stdout.strip() else "")


def cores(machine):
    """Processes that may run at once."""
    return max(1, int(machine.get("threads_allowed") or len(os.sched_getaffinity(0))))


def thread_counts(machine):
    """One, and all that it allows."""
    return sorted({1, cores(machine)})


def digest(path):
    """SHA-256 of an executable: a timing belongs to the program that made it."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16]


def _cpu_flags():
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith(("flags", "Features")):
                return line.split(":", 1)[1].split()
    except OSError:
        pass
    return []


def _has_counters():
    return Path("/sys/bus/event_source/devices/cpu").exists()
