"""Drives the Google-Benchmark programs: one process a round, every cell once a round in shuffled order.

bench_step times the ceilings and limits of its cells among them, so that a time and its ceiling come from
the same seconds. A round is stored when its process ends, without host name and executable path.
"""

import json
import os
import resource
import subprocess
import tempfile
from pathlib import Path

from ..errors import StudyError
from ..machine import describe as machines
from ..machine.checks import System, ticks
from ..progress import Bar, say
from ..store.store import key_of, scrub

DROPPED = frozenset(
    {
        "name",
        "run_name",
        "run_type",
        "family_index",
        "per_family_instance_index",
        "repetitions",
        "repetition_index",
    }
)


def settings_of(program, path, profile, machine):
    """What makes samples of a program comparable: its digest, its profile and the machine."""
    chosen = {"bench_step": profile.step_filter, "bench_memory": profile.memory_filter}.get(program, "")
    return {
        "program": program,
        "digest": machines.digest(path),
        "bench_profile": profile.bench,
        "filter": chosen,
        "min_time": profile.min_time,
        "cpu": machine.get("cpu"),
        "version": machine.get("version"),
    }


def command_of(path, settings, out):
    command = [
        str(path),
        f"--profile={settings['bench_profile']}",
        f"--benchmark_min_time={settings['min_time']}",
        "--benchmark_enable_random_interleaving=true",
        f"--benchmark_out={out}",
        "--benchmark_out_format=json",
        "--benchmark_color=false",
    ]
    if settings["filter"]:
        command.append(f"--benchmark_filter={settings['filter']}")
    return command


def list_cells(path, profile, chosen):
    """Ids of the cells that a program would run."""
    command = [str(path), f"--profile={profile.bench}", "--benchmark_list_tests=true"]
    if chosen:
        command.append(f"--benchmark_filter={chosen}")
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise StudyError(f"{Path(path).name} --benchmark_list_tests: {done.stderr.strip()}")
    return [line.strip() for line in done.stdout.splitlines() if line.strip()]


def run_step(store, programs, profile, machine):
    """All rounds of bench_step that the store does not have yet."""
    _run_rounds("bench_step", profile.rounds, store, programs, profile, machine)


def run_memory(store, programs, profile, machine):
    """One run of bench_memory: it counts, so that one is enough."""
    _run_rounds("bench_memory", 1, store, programs, profile, machine)


def _run_rounds(name, rounds, store, programs, profile, machine):
    settings = settings_of(name, programs[name], profile, machine)
    key = key_of(settings)
    for number in range(rounds):
        title = f"{name.removeprefix('bench_')} {number + 1}/{rounds}"
        if store.has_batch(key, number):
            say(f"{title}: already in the store")
            continue
        raw, health = measure(programs[name], settings, profile, title)
        store.add_batch(key, number, name, settings, health, list(samples_of(raw)))


def measure(path, settings, profile, title):
    """(raw result without private names, health of the round) of one process."""
    total = len(list_cells(path, profile, settings["filter"]))
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "out.json"
        before = _health()
        code, errors = _watch(command_of(path, settings, out), title, total)
        health = {k: round(v - before[k], 6) for k, v in _health().items()}
        try:
            raw = scrub(json.loads(out.read_text()))
        except (OSError, json.JSONDecodeError) as error:
            raise StudyError(
                f"{path.name} ended with exit code {code} and no readable JSON: {errors}"
            ) from error
    health["context"] = {k: v for k, v in raw.get("context", {}).items() if isinstance(v, str)}
    failed = sum("error" in sample for _, sample in samples_of(raw))
    if code != 0 and not failed:
        raise StudyError(f"{path.name} ended with exit code {code}: {errors}")
    if failed:
        say(f"{title}: {failed} cells gave no number; the report names them")
    return raw, health


def samples_of(raw):
    """(id, sample) of every cell of a raw result; aggregates are left out, an error is kept as
    `error`."""
    for entry in raw.get("benchmarks", []):
        if entry.get("run_type", "iteration") != "iteration":
            continue
        sample = {k: v for k, v in entry.items() if k not in DROPPED}
        if sample.pop("error_occurred", False):
            sample = {"error": sample.get("error_message", "unknown error")}
        yield entry["name"], sample


def _watch(command, title, total):
    """Run a benchmark program with a progress bar that moves with its console lines; (exit code, what it
    complained)."""
    with tempfile.TemporaryFile("w+") as errors:
        environment = {**os.environ, "STEPLAB_COMMIT": machines.commit()}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment)
        try:
            with Bar(total, title, "cell") as bar:
                for line in process.stdout:
                    if line.startswith(
                        ("step/", "crossover/", "ceiling/", "limit/", "baseline/", "extras/", "memory/")
                    ):
                        bar.update()
            code = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        errors.seek(0)
        return code, errors.read().strip()[-2000:]


def _health():
    """Counters that tell a polluted round: steal seconds of the machine, children's switches and
    faults."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    stolen = ticks(System())[2]
    return {
        "steal_seconds": stolen / os.sysconf("SC_CLK_TCK"),
        "involuntary_switches": usage.ru_nivcsw,
        "minor_faults": usage.ru_minflt,
        "major_faults": usage.ru_majflt,
    }
