"""What the kernel tells about how well a machine can be timed on: one check a trouble.

Warn: a timing holds, with more noise or less reach. Bad: it cannot be trusted. Imports only Python
itself.
"""

import re
from dataclasses import dataclass
from pathlib import Path

OK, WARN, BAD = "ok", "warn", "bad"
MEMORY = 4 << 30  # bytes that the largest cells of the standard profile want


@dataclass(frozen=True)
class Finding:
    name: str
    found: str
    word: str
    advice: str = ""  # what to do about it; empty where nothing is wrong


class System:
    """Files of the kernel below a root, so that tests can make up a machine."""

    def __init__(self, root="/"):
        self._root = Path(root)

    def text(self, path):
        """The content without the last newline; None where the file is not there."""
        try:
            return (self._root / path).read_text().rstrip("\n")
        except (OSError, UnicodeDecodeError):
            return None

    def texts(self, pattern):
        return [text for path in sorted(self._root.glob(pattern)) if (text := _read(path)) is not None]

    def exists(self, path):
        return (self._root / path).exists()

    def processes(self):
        """{pid: (name, clock ticks used)}"""
        found = {}
        for text in self.texts("proc/[0-9]*/stat"):
            match = re.match(r"(\d+) \((.*)\) (.*)", text, re.S)
            if match:
                fields = match[3].split()
                found[int(match[1])] = (match[2], int(fields[11]) + int(fields[12]))
        return found


def _read(path):
    try:
        return path.read_text().rstrip("\n")
    except (OSError, UnicodeDecodeError):  # a process that has ended meanwhile
        return None


def ticks(system):
    """(all, busy, stolen) clock ticks of all processors together."""
    fields = [int(word) for word in (system.text("proc/stat") or "cpu 0").split("\n")[0].split()[1:]]
    fields += [0] * (8 - len(fields))
    user, nice, kernel, idle, wait, hard, soft, stolen = fields[:8]
    busy = user + nice + kernel + hard + soft
    return busy + idle + wait + stolen, busy, stolen


def processor_numbers(listing):
    """The numbers of '0-3,8'."""
    numbers = []
    for part in (listing or "").split(","):
        first, _, last = part.strip().partition("-")
        if first:
            numbers += range(int(first), int(last or first) + 1)
    return numbers


def _allowed(system):
    match = re.search(r"^Cpus_allowed_list:\s*(\S+)", system.text("proc/self/status") or "", re.M)
    return processor_numbers(match[1]) if match else []


def threads(system):
    allowed, online = _allowed(system), processor_numbers(system.text("sys/devices/system/cpu/online"))
    found = f"{len(allowed)} of {len(online)} processors allowed"
    if len(allowed) < len(online):
        return Finding("threads", found, WARN, "others may run beside it on shared caches: lift the affinity")
    return Finding("threads", found, OK)


def quota(system):
    words = (system.text("sys/fs/cgroup/cpu.max") or "").split()
    if not words:  # the first version of cgroups
        first = [system.text(f"sys/fs/cgroup/cpu/cpu.cfs_{name}_us") for name in ("quota", "period")]
        words = first if None not in first and int(first[0]) > 0 else []
    if len(words) != 2 or words[0] == "max":
        return Finding("quota", "no limit on processor time", OK)
    share, allowed = int(words[0]) / int(words[1]), len(_allowed(system))
    found = f"{share:.3g} processors' time for {allowed} threads"
    if share < allowed:
        return Finding(
            "quota", found, BAD, f"threads are stopped when it is used up: allow {allowed} processors"
        )
    return Finding("quota", found, OK)


def load(system):
    one = float((system.text("proc/loadavg") or "0").split()[0])
    found = f"{one:.2f} over the last minute"
    if one > 0.5:
        return Finding("load", found, WARN, "let what still runs end, and wait a minute")
    return Finding("load", found, OK)


def governor(system):
    names = sorted(set(system.texts("sys/devices/system/cpu/cpu*/cpufreq/scaling_governor")))
    if not names:
        return Finding(
            "governor", "not visible", WARN, "the host sets frequencies: compare within a run only"
        )
    if names != ["performance"]:
        return Finding("governor", ", ".join(names), WARN, "cpupower frequency-set -g performance")
    return Finding("governor", "performance", OK)


def turbo(system):
    boost = system.text("sys/devices/system/cpu/cpufreq/boost")
    off = system.text("sys/devices/system/cpu/intel_pstate/no_turbo")
    if boost is None and off is None:
        return Finding(
            "turbo", "not visible", WARN, "the clock may move with heat: mind the drift in the report"
        )
    if boost == "1" or off == "0":
        return Finding("turbo", "on", WARN, "switch it off where steady times matter more than short ones")
    return Finding("turbo", "off", OK)


def huge_page_mode(system):
    """ "always", "madvise" or "never"; empty where the kernel does not tell."""
    text = system.text("sys/kernel/mm/transparent_hugepage/enabled") or ""
    return text.partition("[")[2].partition("]")[0]


def huge_pages(system):
    mode = huge_page_mode(system)
    if mode in ("always", "madvise"):
        return Finding("huge pages", mode, OK)
    advice = "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled: large cells miss the TLB"
    return Finding("huge pages", mode or "not there", WARN, advice)


def siblings(system):
    cores = [
        set(processor_numbers(t))
        for t in system.texts("sys/devices/system/cpu/cpu*/topology/thread_siblings_list")
    ]
    allowed = set(_allowed(system))
    shared = {tuple(sorted(core & allowed)) for core in cores if len(core & allowed) > 1}
    if shared:
        found = f"cores that several of the allowed threads share: {len(shared)}"
        return Finding(
            "siblings", found, WARN, "two threads of a core share its units: allow one of each (taskset)"
        )
    return Finding("siblings", "no two threads visibly share a core", OK)


def memory(system):
    match = re.search(r"^MemAvailable:\s*(\d+)", system.text("proc/meminfo") or "", re.M)
    free = 1024 * int(match[1]) if match else 0
    found = f"{free / 2**30:.1f} GiB available"
    if free < MEMORY:
        return Finding("memory", found, WARN, f"below {MEMORY >> 30} GiB the largest cells are left out")
    return Finding("memory", found, OK)


def hypervisor(system):
    flags = re.search(r"^flags\s*:(.*)$", system.text("proc/cpuinfo") or "", re.M)
    if flags and "hypervisor" in flags[1].split():
        return Finding(
            "hypervisor", "a virtual machine", WARN, "neighbours show as noise only: use bare metal"
        )
    return Finding("hypervisor", "none visible", OK)


def counters(system):
    if system.exists("sys/bus/event_source/devices/cpu"):
        return Finding("counters", "hardware counters are there", OK)
    return Finding(
        "counters", "no hardware counters", WARN, "times cannot be explained by events; they stand"
    )


STATIC = (threads, quota, load, governor, turbo, huge_pages, siblings, memory, hypervisor, counters)
