"""The command line of ./scripts/study, with a made-up steplab and benchmarks in place of the built
ones."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from steplab_study.store.store import Store

ROOT = Path(__file__).resolve().parents[3]
STUDY = ROOT / "scripts" / "study"
PROGRAMS = ("steplab", "bench_step", "bench_ceilings", "bench_memory")


def study(*arguments, **options):
    return subprocess.run([STUDY, *map(str, arguments)], capture_output=True, text=True, **options)


@pytest.fixture
def build(tmp_path):
    """A build folder whose programs print made-up results."""
    folder = tmp_path / "build" / "bin"
    folder.mkdir(parents=True)
    stand_in = Path(__file__).parents[1] / "stand_in.py"
    for name in PROGRAMS:
        path = folder / name
        path.write_text(
            f'#!/bin/sh\nexport STAND_IN_FOLDER="{folder.parent}"\nexec'
            f' {sys.executable} {stand_in} {name} "$@"\n'
        )
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return folder.parent


@pytest.mark.parametrize(
    "arguments, named",
    [
        (["--profile", "fast"], "unknown profile 'fast'; known profiles: smoke, quick, standard, full"),
        (["--only", "speed"], "unknown part 'speed' in --only; known parts: step, memory, ranking"),
        (["--only", ""], "known parts: step, memory, ranking"),
        (["--claim", "C99"], "unknown claim 'C99' in --claim; known claims: C01, C02"),
        (["--claim", "C22", "--only", "step"], "--only and --claim exclude each other"),
        (["claims", "--claim", "c0"], "unknown claim 'C0'"),
        (["--bogus"], "unrecognized arguments: --bogus"),
        (["--jobs", "0"], "--jobs must be at least 1, got 0"),
        (["report"], "DIR"),
    ],
)
def test_wrong_usage_is_exit_code_2_and_names_what_is_accepted(arguments, named):
    done = study(*arguments)
    assert done.returncode == 2
    assert named in done.stderr and "Traceback" not in done.stderr


def test_report_of_a_folder_without_results_fails(tmp_path):
    done = study("report", tmp_path)
    assert done.returncode == 1
    assert "has no store.sqlite" in done.stderr and "Traceback" not in done.stderr


def test_missing_programs_are_named(tmp_path):
    done = study("--build-dir", tmp_path, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "steplab' is not there" in done.stderr


def test_list_names_everything_that_is_accepted():
    done = study("--list")
    assert done.returncode == 0
    for word in (
        "quick",
        "standard",
        "full",
        "step, memory, ranking",
        "mlp/large",
        "adamw",
        "headline",
        "C39",
    ):
        assert word in done.stdout


def test_a_reader_that_stops_early_is_no_failure():
    process = subprocess.Popen([STUDY, "claims"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.stdout.close()
    assert "Traceback" not in process.communicate(timeout=60)[1]
    assert process.returncode == 0


def test_dry_run_counts_and_runs_nothing(tmp_path):
    done = study("--dry-run", "--profile", "quick", "--out", tmp_path / "out")
    assert done.returncode == 0
    assert "9 rounds of bench_step" in done.stdout
    assert "ranking: 1792 trials of 8 problems" in done.stdout
    assert not (tmp_path / "out").exists()


def test_dry_run_of_a_part_names_only_that(tmp_path):
    done = study("--dry-run", "--only", "memory")
    assert (
        "memory: one run" in done.stdout and "bench_step" not in done.stdout and "trials" not in done.stdout
    )


def test_help_has_examples():
    done = study("--help")
    assert done.returncode == 0 and "./scripts/study report" in done.stdout


def test_a_study_runs_to_its_report_and_again_without_work(build, tmp_path):
    out = tmp_path / "out"
    done = study("--profile", "smoke", "--build-dir", build, "--out", out)
    assert done.returncode == 0, done.stderr
    assert (out / "report.html").is_file() and (out / "report.md").is_file()
    store = Store.read(out)
    context = store.batches()[0]["health"]["context"]
    assert context and "host_name" not in context and "executable" not in context
    trials = store.result_count()
    store.close()
    log = build / "calls.txt"
    calls = log.read_text().count("trial ")
    again = study("--profile", "smoke", "--build-dir", build, "--out", out)
    assert again.returncode == 0 and "already in the store" in again.stderr
    store = Store.read(out)
    assert store.result_count() == trials
    store.close()
    assert log.read_text().count("trial ") == calls


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["interrupted", "terminated"])
def test_a_stopped_study_keeps_what_was_finished_and_continues(how, build, tmp_path):
    out = tmp_path / "out"
    arguments = [STUDY, "--profile", "smoke", "--only", "ranking", "--build-dir", build, "--out", out]
    slow = {**os.environ, "STAND_IN_SECONDS": "0.3"}
    process = subprocess.Popen(
        arguments,
        env=slow,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # ignored in a background job
    )
    finished = 0
    for _ in range(300):
        time.sleep(0.1)
        finished = _trials(out)
        if finished >= 2:
            break
    os.killpg(process.pid, how)
    errors = process.communicate(timeout=30)[1]
    assert process.returncode == 130
    assert "the same command continues" in errors and "Traceback" not in errors
    kept = _trials(out)
    assert kept >= finished >= 2
    done = study(*arguments[1:])
    assert done.returncode == 0, done.stderr
    assert _trials(out) > kept


def _trials(out):
    try:
        store = Store.read(out)
    except Exception:
        return 0
    try:
        return store.result_count()
    finally:
        store.close()


def test_a_failing_trial_tells_the_programs_own_words(build, tmp_path):
    broken = {**os.environ, "STAND_IN_FAILS": "data set is not installed"}
    done = study(
        "--profile", "smoke", "--only", "ranking", "--build-dir", build, "--out", tmp_path, env=broken
    )
    assert done.returncode == 1
    assert "data set is not installed" in done.stderr and "Traceback" not in done.stderr
    assert "not run: ranking: quadratic/small, constant" in done.stderr
    assert (tmp_path / "report.md").is_file()


def test_an_unknown_workload_lists_the_known_ones(build, tmp_path):
    done = study("--profile", "smoke", "--workloads", "poker", "--build-dir", build, "--out", tmp_path)
    assert done.returncode == 2
    assert "unknown workload 'poker' in --workloads; known: quadratic, rosenbrock" in done.stderr


def test_status_tells_what_is_done_and_what_is_missing(build, tmp_path):
    arguments = ("--profile", "smoke", "--build-dir", build, "--out", tmp_path)
    assert study(*arguments, "--only", "memory").returncode == 0
    told = study("status", tmp_path).stdout
    assert "memory: done" in told and "step: 0 of 1 rounds" in told
    assert "ranking: quadratic/small, constant: waits for 4 of 4 results" in told
    assert study(*arguments, "--only", "ranking").returncode == 0
    assert "ranking: quadratic/small, constant: done" in study("status", tmp_path).stdout


def test_a_claim_runs_only_what_it_needs_and_is_printed(build, tmp_path):
    done = study("--profile", "smoke", "--claim", "C08", "--build-dir", build, "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    told = study("status", tmp_path).stdout
    assert "memory: not run" in told and "ranking: quadratic/small, cosine: done" in told
    printed = study("claims", tmp_path, "--claim", "c08")
    assert printed.returncode == 0 and "C08  OPEN (not run)" in printed.stdout


def test_results_of_another_version_are_refused(build, tmp_path):
    import sqlite3

    Store.open(tmp_path).close()
    with sqlite3.connect(tmp_path / "store.sqlite") as raw:
        raw.execute("UPDATE meta SET value = '999'")
    raw.close()
    done = study("--profile", "smoke", "--build-dir", build, "--out", tmp_path)
    assert done.returncode == 1 and "store version 999" in done.stderr
