"""Is this machine quiet enough to time on? What disturbs it, what to do about it, and a score.

A timing cannot be trusted while a line is bad: something takes processors away (a quota below the threads
allowed, stolen time, other busy processes), or a fixed piece of work, repeated, does not take the same
time. Imports only Python itself, so that it can run before anything is installed.
"""

import json
import re
import statistics
import subprocess
import time
from dataclasses import asdict

from .checks import BAD, OK, STATIC, WARN, Finding, System, processor_numbers, ticks

COST = {OK: 0, WARN: 5, BAD: 30}  # points of 100
STEAL = 0.02  # share of processor time that the hypervisor may take
BUSY_WARN, BUSY_BAD = 0.05, 0.5  # processors that other processes keep busy
SPREAD_WARN, SPREAD_BAD = 0.03, 0.15  # 90th percentile of repeated work ÷ its median - 1


# ---- what is seen over a while -----------------------------------------------------------------------
def watched(system, seconds, sleep=time.sleep):
    """[stolen time, other busy processes] while this process sleeps."""
    before, processes = ticks(system), system.processes()
    sleep(seconds)
    whole, busy, stolen = (b - a for a, b in zip(before, ticks(system)))
    grown = {
        name: used - processes.get(pid, (name, used))[1] for pid, (name, used) in system.processes().items()
    }
    names = [name for name, ticks in sorted(grown.items(), key=lambda item: -item[1]) if ticks > 0.05 * whole]
    share = stolen / whole if whole else 0.0
    processors = len(processor_numbers(system.text("sys/devices/system/cpu/online"))) or 1
    return [_stolen(share), _busy(processors * busy / whole if whole else 0.0, names[:3])]


def _stolen(share):
    found = f"{100 * share:.1f} % of processor time"
    if share == 0:
        return Finding("stolen time", found, OK)
    return Finding(
        "stolen time", found, BAD if share > STEAL else WARN, "the host is overcommitted: measure later"
    )


def _busy(processors, names):
    found = f"{processors:.2f} processors" + (f" ({', '.join(names)})" if names else "")
    if processors < BUSY_WARN:
        return Finding("busy processes", found, OK)
    word = BAD if processors >= BUSY_BAD else WARN
    return Finding("busy processes", found, word, "stop them, or wait for their end")


def spread(times):
    """How much longer than usual repeated work takes now and then: 90th percentile ÷ median - 1."""
    ordered = sorted(times)
    return ordered[int(0.9 * (len(ordered) - 1))] / statistics.median(ordered) - 1


def _scatter(name, times, advice):
    value = spread(times)
    found = f"{100 * value:.1f} % over {len(times)} repetitions (90th percentile ÷ median - 1)"
    if value < SPREAD_WARN:
        return Finding(name, found, OK)
    return Finding(name, found, BAD if value >= SPREAD_BAD else WARN, advice)


def fixed_loop(seconds, clock=time.perf_counter):
    """The spread of a loop of additions, a millisecond or two each."""
    times, end = [], clock() + seconds
    while len(times) < 20 or clock() < end:
        before = clock()
        total = 0
        for i in range(30_000):
            total += i
        times.append(clock() - before)
    return _scatter("fixed loop", times, "something takes the processor: see the lines above")


STREAM = "^ceiling/2rw1r/serial/n:{n}/threads:1/"


def bare_stream(program, run=subprocess.run):
    """The spread of the largest bare stream that bench_ceilings has in its quick profile."""
    try:
        listed = run([str(program), "--profile=quick", "--list-cells"], capture_output=True, text=True)
        sizes = [int(n) for n in re.findall(r"^ceiling/2rw1r/serial/n:(\d+)/threads:1$", listed.stdout, re.M)]
        command = [str(program), "--profile=quick", f"--benchmark_filter={STREAM.format(n=max(sizes))}"]
        command += ["--benchmark_min_time=0.02", "--benchmark_repetitions=30", "--benchmark_format=json"]
        entries = json.loads(run(command, capture_output=True, text=True).stdout)["benchmarks"]
        times = [e["real_time"] for e in entries if e.get("run_type", "iteration") == "iteration"]
        return _scatter("bare stream", times, "memory is shared with something busy: see the lines above")
    except (OSError, ValueError, KeyError, IndexError, statistics.StatisticsError):
        return Finding(
            "bare stream", "not measured", WARN, "build bench_ceilings first: ./scripts/study builds it"
        )


# ---- the whole ---------------------------------------------------------------------------------------
def examine(system=None, seconds=1.0, ceilings=None, sleep=time.sleep):
    """All findings.

    `seconds`: how long to watch; `ceilings`: bench_ceilings, whose stream is timed too.
    """
    system = system or System()
    findings = [check(system) for check in STATIC] + watched(system, seconds, sleep)
    findings.append(fixed_loop(seconds))
    return findings + ([bare_stream(ceilings)] if ceilings else [])


def score(findings):
    return max(0, 100 - sum(COST[f.word] for f in findings))


def trusted(findings):
    """Whether timings can be: nothing is bad."""
    return all(f.word != BAD for f in findings)


def summary(findings):
    """One line."""
    named = {word: [f.name for f in findings if f.word == word] for word in (BAD, WARN)}
    told = "; ".join(f"{word}: {', '.join(names)}" for word, names in named.items() if names)
    return f"this machine scores {score(findings)} of 100 for timing" + (f" ({told})" if told else "")


def as_json(findings):
    return {
        "score": score(findings),
        "trusted": trusted(findings),
        "findings": [asdict(f) for f in findings],
    }


def lines(findings):
    """The findings as text, then the verdict."""
    for f in findings:
        yield f"{f.word:4}  {f.name:15} {f.found}" + (f"\n{'':22}→ {f.advice}" if f.advice else "")
    yield summary(findings)
    if not trusted(findings):
        yield "A timing cannot be trusted while a line is bad."
