"""The protocol of bench/peers, with the peers that need no package of PyPI: NumPy's form and the library
itself.

`peer_worker` is taken from build/release; without it the tests that compare the two are skipped.
"""

import json
import os
import subprocess
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import ROOT

PROGRAM = ROOT / "build" / "release" / "bin" / "peer_worker"
NUMPY = ["/usr/bin/python3", str(ROOT / "bench" / "peers" / "worker.py"), "numpy_form"]
RULES = ("sgdm", "adam", "adamw")
TENSORS = [1000, 1, 33, 300_001]
needs_program = pytest.mark.skipif(not PROGRAM.exists(), reason="build/release has no peer_worker")
BOTH = [
    pytest.param(NUMPY, id="numpy_form"),
    pytest.param([str(PROGRAM)], id="peer_worker", marks=needs_program),
]


class Worker:
    def __init__(self, command, *arguments):
        self._process = subprocess.Popen(
            [*command, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.first = json.loads(self._process.stdout.readline())
        self.pid = self._process.pid

    def ask(self, do, **rest):
        return self.send(json.dumps({"do": do, **rest}))

    def send(self, line):
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._process.stdin.close()
        self.code = self._process.wait(30)
        self._process.stdout.close()


def cell(rule="adam", tensors=TENSORS, seed=1):
    return {"rule": rule, "tensors": tensors, "seed": seed}


def checked(worker, file, rule="adam", seeds=(2, 3, 4, 5, 6), tensors=TENSORS):
    assert worker.ask("check", cell=cell(rule, tensors), gradient_seeds=list(seeds), file=str(file)) == {
        "ok": True
    }
    return np.fromfile(file, "<f4")


@pytest.mark.parametrize("command", BOTH)
def test_the_first_line_says_who_is_ready(command):
    with Worker(command) as worker:
        assert worker.first["ready"] is True
        assert set(worker.first) == {"ready", "peer", "title", "version", "differs"}
    assert worker.code == 0


@pytest.mark.parametrize("command", BOTH)
def test_a_prepared_cell_is_timed_until_the_time_is_filled(command):
    with Worker(command) as worker:
        assert worker.ask("prepare", cell=cell())["prepare_seconds"] > 0
        found = worker.ask("time", min_seconds=0.02)
        assert found["ok"] and found["steps"] >= 1
        assert found["seconds"] * found["steps"] >= 0.02
        assert worker.ask("time", min_seconds=0)["steps"] == 1


@pytest.mark.parametrize("command", BOTH)
def test_without_a_cell_there_is_nothing_to_time(command):
    with Worker(command) as worker:
        assert "no cell is prepared" in worker.ask("time", min_seconds=0.01)["error"]
        assert worker.ask("prepare", cell=cell())["ok"] and worker.ask("drop") == {"ok": True}
        assert "no cell is prepared" in worker.ask("memory")["error"]


@pytest.mark.parametrize("command", BOTH)
def test_what_it_cannot_do_is_an_answer_and_the_worker_goes_on(command):
    with Worker(command) as worker:
        assert "prepare, time, check, memory, drop, quit" in worker.ask("dance")["error"]
        for line in ("[]", "{", '{"do": "prepare"}'):
            assert worker.send(line)["ok"] is False
        refused = worker.ask("prepare", cell=cell(rule="lion"))
        assert refused["offered"] is False and "lion" in refused["error"]
        assert worker.ask("prepare", cell=cell())["ok"]


@pytest.mark.parametrize("command", BOTH)
@pytest.mark.parametrize("rule, slots", [("sgdm", 1), ("adam", 2), ("adamw", 2)])
def test_state_is_a_float_for_each_moment(command, rule, slots):
    with Worker(command) as worker:
        assert worker.ask("prepare", cell=cell(rule))["ok"]
        found = worker.ask("memory")
    assert found["state_bytes"] == 4 * slots * sum(TENSORS)
    assert found["peak_bytes"] is None or found["peak_bytes"] >= 0


def test_numpys_temporary_arrays_show_in_the_peak():
    with Worker(NUMPY) as worker:
        assert worker.ask("prepare", cell=cell(tensors=[1 << 20]))["ok"]
        peak = worker.ask("memory")["peak_bytes"]
    assert peak is None or peak > 2 * 4 * (1 << 20)


@pytest.mark.parametrize("command", BOTH)
def test_the_start_is_the_numbers_of_the_interface(command, tmp_path):
    """The hash in Python's own integers, at the first places and at one beyond a chunk."""

    def number(place, seed):
        x = (place * 2654435761 + seed * 0x9E3779B9) % 2**32
        x ^= x >> 16
        x = x * 0x85EBCA6B % 2**32
        x ^= x >> 13
        x = x * 0xC2B2AE35 % 2**32
        x ^= x >> 16
        return 2 * ((x >> 8) / 2**24) - 1

    with Worker(command) as worker:
        start = checked(worker, tmp_path / "start", seeds=())
        stepped = checked(worker, tmp_path / "stepped", "sgdm", seeds=(7,))
    assert len(start) == sum(TENSORS)
    for place in (0, 1, 999, 1000, 1001, 300_000):
        assert start[place] == np.float32(number(place, 1))
        gradient = np.float32(0.01) * np.float32(number(place, 7))
        assert stepped[place] == start[place] - np.float32(0.01) * gradient


@needs_program
@pytest.mark.parametrize("rule", RULES)
def test_numpys_form_agrees_with_the_library(rule, tmp_path):
    with Worker(NUMPY) as numpy_form, Worker([str(PROGRAM)], "--kernel=scalar") as scalar:
        ours, theirs = checked(scalar, tmp_path / "a", rule), checked(numpy_form, tmp_path / "b", rule)
        start = checked(scalar, tmp_path / "start", rule, seeds=())
    assert np.abs(ours - theirs).max() < 1e-6 < np.abs(ours - start).max()


@needs_program
@pytest.mark.parametrize("rule", RULES)
def test_the_librarys_variants_have_the_same_bits(rule, tmp_path):
    with Worker([str(PROGRAM)], "--kernel=scalar", "--schedule=serial") as scalar:
        reference = checked(scalar, tmp_path / "scalar", rule)
    with Worker([str(PROGRAM)], f"--threads={len(os.sched_getaffinity(0))}") as best:
        assert np.array_equal(reference, checked(best, tmp_path / "best", rule))


@needs_program
def test_a_check_leaves_the_prepared_cell_alone(tmp_path):
    with Worker([str(PROGRAM)]) as worker:
        assert worker.ask("prepare", cell=cell("sgdm", [10]))["ok"]
        checked(worker, tmp_path / "values", "adam", tensors=[1000])
        assert worker.ask("memory")["state_bytes"] == 40


@needs_program
def test_peers_are_named_after_their_kernel():
    for kernel, name in [("xsimd", "steplab"), ("autovec", "steplab_autovec"), ("scalar", "steplab_scalar")]:
        with Worker([str(PROGRAM)], f"--kernel={kernel}") as worker:
            assert worker.first["peer"] == name


@needs_program
def test_what_this_machine_does_not_run_is_not_ready():
    with Worker([str(PROGRAM)], "--kernel=abacus") as worker:
        assert worker.first["ready"] is False and "supported: " in worker.first["error"]
    assert worker.code == 1


@needs_program
def test_lists_are_those_of_the_benchmarks():
    lists = json.loads(subprocess.run([str(PROGRAM), "--lists"], capture_output=True, check=True).stdout)
    sizes = {name: (len(tensors), sum(tensors)) for name, tensors in lists.items()}
    assert sizes["gpt2"] == (148, 124_439_808) and sizes["resnet18"] == (62, 11_689_512)
    assert sizes["network300"][0] == 300


@pytest.mark.parametrize("command", BOTH)
def test_a_worker_keeps_to_the_last_processors(command):
    with Worker(command, "--threads", "1") as worker:
        assert os.sched_getaffinity(worker.pid) == {max(os.sched_getaffinity(0))}


def test_more_threads_than_processors_are_refused():
    done = subprocess.run([*NUMPY, "--threads", "100000"], capture_output=True, text=True)
    assert done.returncode == 2 and "--threads is 100000; accepted: 1 to" in done.stderr


@pytest.fixture
def of_a_friend(tmp_path):
    """A copy of bench/peers with peers whose package misbehaves."""
    folder = tmp_path / "bench" / "peers"
    folder.mkdir(parents=True)
    for file in (ROOT / "bench" / "peers").glob("*.py"):
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "absent.py").write_text("import no_such_package\n")
    (folder / "noisy.py").write_text(
        "import os\nfrom bench.peers.numpy_form import Peer as Form\n"
        "print('hello'); os.system('echo hello')\n"
        "class Peer(Form):\n    def step(self):\n        print('step')\n    rules = ('sgdm',)\n"
    )
    return SimpleNamespace(command=["/usr/bin/python3", str(folder / "worker.py")])


def test_a_package_that_is_missing_is_the_reason(of_a_friend):
    with Worker(of_a_friend.command, "absent") as worker:
        assert worker.first == {
            "ready": False,
            "error": "ModuleNotFoundError: No module named 'no_such_package'",
        }
    assert worker.code == 1


def test_what_a_library_prints_is_no_answer(of_a_friend):
    with Worker(of_a_friend.command, "noisy") as worker:
        assert worker.first["ready"] is True
        assert worker.ask("prepare", cell=cell("sgdm", [10]))["ok"]
        refused = worker.ask("prepare", cell=cell("adam", [10]))
    assert refused["offered"] is False and "has no adam" in refused["error"]
