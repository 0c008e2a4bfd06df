"""`study peers` with workers that are told what to do: checks, failures, rounds, and going on after an
interrupt."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from steplab_study.errors import StudyError
from steplab_study.peers import json_file, launch, memory, pool, rounds as peers_rounds, text as peers_text
from steplab_study.peers.list import ALL, BY_NAME
from steplab_study.peers.profiles import PeersProfile, Rounds
from steplab_study.peers.run import PeersRun

FAKE = Path(__file__).with_name("fake_peer.py")
PROFILE = PeersProfile(
    "made-up",
    "",
    rounds=(Rounds("1000", 3), Rounds("network", 2)),
    rules=("sgdm", "adamw"),
    skipped=(("sgdm", "network"),),
)
NAMES = ("steplab", "steplab_scalar", "torch_fused", "deepspeed")
HEADING = {"date": "2024-02-29", "commit": "c", "programs": "p", "machine": {"cpu": "made up", "threads": 2}}


class Study:
    """Runs in a folder; `told` is what fake_peer.py does."""

    def __init__(self, folder):
        self.folder, self.log = folder, folder / "log"

    def run(self, told=None, names=NAMES, threads=(1,), failed=None, **heading):
        self.log.write_text("")
        environment = {"FAKE_PEER_TOLD": json.dumps(told or {}), "FAKE_PEER_LOG": str(self.log)}
        return PeersRun(
            profile=PROFILE,
            peers=tuple(BY_NAME[name] for name in names),
            threads=threads,
            directory=self.folder,
            launch=lambda peer, count: ([sys.executable, FAKE, peer.name, "--threads", count], environment),
            lists={"network": [3, 4, 5]},
            heading=HEADING | heading,
            failed=failed or {},
        ).go()

    def asked(self, do):
        return [line.split() for line in self.log.read_text().splitlines() if line.split()[2] == do]


@pytest.fixture
def study(tmp_path):
    return Study(tmp_path)


def rows(found, peer, part="cells"):
    return [row for row in found[part] if row["peer"] == peer]


def test_every_peer_gives_a_sample_of_every_round(study):
    found = study.run({"deepspeed": {"step": "0.002"}}, threads=(1, 2))
    assert found == json_file.read(study.folder)
    assert {(r["rule"], r["list"], r["threads"], r["peer"]) for r in found["cells"]} == {
        (rule, name, threads, peer)
        for rule, name in (("sgdm", "1000"), ("adamw", "1000"), ("adamw", "network"))
        for threads in (1, 2)
        for peer in NAMES
    }
    for row in found["cells"]:
        seconds = 0.002 if row["peer"] == "deepspeed" else 0.001
        assert row["seconds"] == [seconds] * (3 if row["list"] == "1000" else 2)
        assert (row["error"], row["offered"], row["prepare_seconds"]) == (None, True, 0.5)
        assert (row["parameters"], row["tensors"]) == ((1000, 1) if row["list"] == "1000" else (12, 3))
    assert found["lists"]["network"] == {"parameters": 12, "tensors": 3}
    assert found["peers"]["deepspeed"]["title"] == "fake deepspeed"
    assert all(check["agrees"] and check["largest_error"] == 0 for check in found["checks"])
    assert rows(found, "steplab", "memory")[0] == {
        "peer": "steplab",
        "rule": "sgdm",
        "threads": 1,
        "state_bytes_per_parameter": 8,
        "peak_bytes_per_parameter": None,
        "error": None,
    }


def test_a_peer_of_long_steps_gives_two_samples(study):
    found = study.run({"deepspeed": {"step": "1.5"}})
    for row in rows(found, "deepspeed"):
        assert row["seconds"] == [1.5, 1.5, None][: len(row["seconds"])] and row["error"] is None


def test_the_order_of_peers_changes_between_rounds(study):
    study.run()
    timed = [line[0] for line in study.asked("time")]
    orders = list(zip(*[iter(timed)] * len(NAMES)))  # round by round
    assert len(set(orders)) > 1
    assert all(set(order) == set(NAMES) for order in orders)


def test_the_summary_has_the_ratio_to_steplab(study):
    text = "\n".join(peers_text.lines(study.run({"deepspeed": {"step": "0.002"}})))
    assert "sgdm, threads 1" in text
    assert any(line.split() == ["fake", "deepspeed", "2.00", "2.00"] for line in text.splitlines())


def test_a_wrong_result_is_not_timed(study):
    found = study.run({"deepspeed": {"check": "wrong"}})
    assert [c["agrees"] for c in rows(found, "deepspeed", "checks")] == [False, False]
    assert rows(found, "deepspeed", "checks")[0]["largest_error"] == pytest.approx(1e-3, rel=0.01)
    for row in rows(found, "deepspeed"):
        assert row["seconds"] == []
        assert row["error"] == "not timed: its result differs by 0.001, 1e-05 is accepted"
    assert not [line for line in study.asked("prepare") if line[0] == "deepspeed"]
    assert all(row["error"] is None for row in rows(found, "steplab"))


def test_a_result_that_is_meant_to_differ_is_timed_and_says_why(study):
    found = study.run({"deepspeed": {"check": "wrong", "differs": "8-bit state"}})
    assert rows(found, "deepspeed", "checks")[0]["why"] == "differs by design: 8-bit state"
    assert all(row["error"] is None for row in rows(found, "deepspeed"))


@pytest.mark.parametrize(
    "action, error",
    [("infinite", "the result is not finite"), ("short", "check: wrote 70652 values instead of 70653")],
)
def test_a_result_that_is_none_fails_its_check(study, action, error):
    found = study.run({"deepspeed": {"check": action}})
    assert rows(found, "deepspeed", "checks")[0]["error"] == error
    assert rows(found, "deepspeed")[0]["error"] == f"not timed: {error}"


def test_a_rule_that_is_not_offered_is_no_failure(study, capsys):
    found = study.run({"deepspeed": {"check sgdm": "not offered"}})
    told = {(row["rule"], row["offered"]) for row in rows(found, "deepspeed")}
    assert told == {("sgdm", False), ("adamw", True)}
    assert [c["offered"] for c in rows(found, "deepspeed", "checks")] == [False, True]
    assert "fake deepspeed, sgdm" not in "\n".join(peers_text.lines(found))


@pytest.mark.parametrize(
    "action, error",
    [
        ("die", "time: the process ended (signal SIGSEGV): out of luck"),
        ("end", "time: the process ended (exit code 3)"),
        ("nonsense", "time: answered no JSON object: 'Hello there'"),
        ("fail", "cannot time"),
        ("negative", "answered seconds = -1.0; accepted: a finite number above 0"),
    ],
)
def test_a_sample_that_fails_ends_its_cell_alone(study, action, error):
    found = study.run({"deepspeed": {"time": action}})
    for row in rows(found, "deepspeed"):
        assert row["error"] == error
        assert set(row["seconds"]) == {None}
    assert all(row["error"] is None and None not in row["seconds"] for row in rows(found, "torch_fused"))


def test_a_worker_that_died_is_started_again_for_the_next_cell(study):
    found = study.run({"deepspeed": {"prepare sgdm": "die"}})
    assert {row["rule"]: bool(row["error"]) for row in rows(found, "deepspeed")} == {
        "sgdm": True,
        "adamw": False,
    }


def test_a_worker_that_hangs_is_given_up(study, monkeypatch):
    monkeypatch.setattr(pool, "prepare_limit", lambda peer, cell: 1.0)
    found = study.run({"deepspeed": {"prepare": "hang"}}, names=("steplab", "deepspeed"))
    errors = [row["error"] for row in (*rows(found, "deepspeed", "memory"), *rows(found, "deepspeed"))]
    assert errors[:2] == ["prepare: no answer within 1 s"] * 2
    assert set(errors[2:]) == {"given up: no answer in time, 2 times before"}
    assert len(study.asked("prepare")) == 2 + len(found["memory"]) // 2 + 3


@pytest.mark.parametrize(
    "action, error",
    [
        ("missing", "No module named 'luck'"),
        ("die", "start: the process ended (signal SIGSEGV): out of luck"),
    ],
)
def test_a_peer_that_does_not_start_has_no_cells(study, action, error):
    found = study.run({"deepspeed": {"start": action}})
    assert found["peers"]["deepspeed"] == {
        "title": "DeepSpeedCPUAdam",
        "version": None,
        "installed": False,
        "error": error,
    }
    assert not rows(found, "deepspeed") and rows(found, "steplab")


def test_why_a_package_could_not_be_installed_is_the_reason(study):
    found = study.run({"deepspeed": {"start": "missing"}}, failed={"deepspeed": "no such release"})
    assert found["peers"]["deepspeed"]["error"] == "no such release"


def test_a_package_that_could_not_be_installed_is_the_reason_of_all_its_peers(tmp_path):
    (tmp_path / "torch").write_text("Collecting torch\nERROR: no such release\n")
    (tmp_path / "optax.part").write_text("unfinished")
    found = launch.failed(tmp_path)
    assert found["torch_fused"] == "not installed: ERROR: no such release"
    assert {name.split("_")[0] for name in found} == {"torch"}


def test_without_the_reference_nothing_is_measured(study):
    with pytest.raises(
        StudyError, match="steplab_scalar, which every result is checked against: cannot check"
    ):
        study.run({"steplab_scalar": {"check": "fail"}})


def test_an_interrupted_run_keeps_its_cells_and_goes_on(study, monkeypatch):
    measure, cells = peers_rounds.measure, []

    def interrupted(*arguments):
        if len(cells) == 1:
            raise KeyboardInterrupt
        cells.append(arguments)
        return measure(*arguments)

    monkeypatch.setattr(peers_rounds, "measure", interrupted)
    with pytest.raises(KeyboardInterrupt):
        study.run()
    monkeypatch.setattr(peers_rounds, "measure", measure)
    kept = json_file.read(study.folder)
    assert len(kept["cells"]) == len(NAMES)
    found = study.run(date="2024-03-01")
    assert found["cells"][: len(NAMES)] == kept["cells"]
    assert (len(found["cells"]), found["date"]) == (3 * len(NAMES), "2024-02-29")
    assert len(study.asked("check")) == len(PROFILE.rules)  # of the reference: the others stood
    assert len(study.asked("time")) == len(NAMES) * (3 + 2)


def test_a_finished_run_measures_nothing_again(study):
    assert study.run() == study.run()
    assert not study.asked("time") and not study.asked("memory")


def test_a_peer_that_is_there_now_is_measured_beside_all_others(study):
    study.run({"deepspeed": {"start": "missing"}})
    found = study.run()
    assert len(study.asked("time")) == len(NAMES) * (3 + 3 + 2)
    assert len(found["cells"]) == 3 * len(NAMES)
    assert found["peers"]["deepspeed"]["installed"]


def test_results_of_another_version_are_measured_again(study):
    study.run({"deepspeed": {"check": "wrong"}})
    found = study.run({"deepspeed": {"version": "2.0"}})
    assert all(row["error"] is None for row in rows(found, "deepspeed"))
    assert found["peers"]["deepspeed"]["version"] == "2.0"


def test_a_peer_that_is_gone_keeps_its_results(study):
    before = study.run()
    assert study.run({"deepspeed": {"start": "missing"}}) == before


def test_results_of_other_programs_are_set_aside(study):
    before = study.run()
    found = study.run(programs="others")
    assert (found["programs"], len(study.asked("time"))) == ("others", len(NAMES) * (3 + 3 + 2))
    assert json.loads((study.folder / "peers.before.json").read_text()) == before


def test_where_memory_is_short_peers_are_prepared_in_each_round(study, monkeypatch):
    monkeypatch.setattr(peers_rounds, "fitting", lambda rule, parameters, free: 2)
    found = study.run()
    assert all(row["error"] is None for row in found["cells"])
    by_peer = {name: sum(line[0] == name for line in study.asked("prepare")) for name in NAMES}
    weighed, cells, rounds = 2, 3, 3 + 3 + 2
    assert sorted(by_peer.values()) == [weighed + cells] + [weighed + rounds] * 3


def test_a_cell_that_memory_does_not_hold_is_not_prepared(study, monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 36 * 500)
    found = study.run()
    told = {(row["list"], row["error"]) for row in found["cells"]}
    assert told == {("1000", "not timed: 0.0 GiB of memory available are too little"), ("network", None)}


def test_as_many_cells_are_prepared_as_half_the_memory_holds():
    held, temporary = memory.HELD["adamw"], memory.TEMPORARY
    assert memory.fitting("adamw", 100, 2 * 100 * (3 * held + temporary)) == 3
    assert memory.fitting("adamw", 100, 2 * 100 * (3 * held + temporary) - 1) == 2
    assert memory.fitting("adamw", 100, 100 * (held + temporary)) == 1
    assert memory.fitting("adamw", 100, 100 * (held + temporary) - 1) == 0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 2}'])
def test_a_file_that_is_none_of_ours_is_refused(tmp_path, text):
    (tmp_path / "peers.json").write_text(text)
    with pytest.raises(StudyError, match="peers.json"):
        json_file.read(tmp_path)


def test_a_folder_without_the_file_has_no_results(tmp_path):
    assert json_file.read(tmp_path) is None


def test_every_file_of_a_peer_is_listed():
    found = importlib.util.spec_from_file_location("worker", launch.FOLDER / "worker.py")
    worker = importlib.util.module_from_spec(found)
    found.loader.exec_module(worker)
    assert set(worker.names()) == {peer.name for peer in ALL if not peer.program}
