"""The local executor: workers kept, dear trials first, refusals in the program's own words, nothing left
running."""

import os
import stat
import sys
import threading
import time

import pytest

from steplab_study.engine import executor as executor_module
from steplab_study.engine.executor import TRIES, LocalExecutor, cost, limit
from steplab_study.errors import StudyError

WORKER = """#!{python}
import json, os, sys, time
assert sys.argv[1:] == ["worker"], sys.argv
open({folder!r} + "/started", "a").write("x")
for line in sys.stdin:
    request = json.loads(line)
    config = request["config"]
    open({folder!r} + "/asked", "a").write(str(config.get("seed")) + "\\n")
    if config.get("seed") == 13:
        sys.exit(3)
    time.sleep(config.get("sleep", 0))
    refused = {{"error": "lr is -1: accepted are numbers from 0"}}
    answer = refused if config.get("lr") == -1 else {{"result": config}}
    print(json.dumps({{"id": request["id"], **answer}}), flush=True)
"""


@pytest.fixture
def programs(tmp_path):
    path = tmp_path / "steplab"
    path.write_text(WORKER.format(python=sys.executable, folder=str(tmp_path)))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return {"steplab": path}


def train(**config):
    return {"kind": "train", "workload": "mlp", "size": "small", "versions": {"program": "1"}, **config}


def test_results_come_back_and_workers_are_kept(programs, tmp_path):
    with LocalExecutor(programs, 2) as executor:
        futures = [executor.submit(train(seed=i)) for i in range(8)]
        assert [f.result()[0]["seed"] for f in futures] == list(range(8))
    assert len((tmp_path / "started").read_text()) <= 2


def test_what_only_the_key_needs_does_not_reach_the_worker(programs):
    with LocalExecutor(programs, 1) as executor:
        found, seconds = executor.submit({**train(seed=1), "round": 3, "digest": "d", "cpu": "c"}).result()
    assert found == {"workload": "mlp", "size": "small", "seed": 1} and seconds >= 0


def test_a_refusal_is_the_programs_own_words_and_the_worker_goes_on(programs):
    with LocalExecutor(programs, 1) as executor:
        refused, fine = executor.submit(train(seed=1, lr=-1)), executor.submit(train(seed=2))
        with pytest.raises(StudyError, match="lr is -1: accepted are numbers from 0"):
            refused.result()
        assert fine.result()[0]["seed"] == 2


def test_a_lost_worker_is_an_error_that_names_the_trial_and_is_replaced(programs, tmp_path):
    with LocalExecutor(programs, 1) as executor:
        lost, fine = executor.submit(train(seed=13)), executor.submit(train(seed=2))
        with pytest.raises(StudyError, match='"seed": 13.*exit code 3'):
            lost.result()
        assert fine.result()[0]["seed"] == 2
    assert (tmp_path / "started").read_text() == "x" * (TRIES + 1)


def test_a_worker_that_does_not_answer_in_time_is_an_error_and_is_replaced(programs, tmp_path, monkeypatch):
    monkeypatch.setattr(executor_module, "limit", lambda config: 0.5 if config["seed"] == 1 else 60)
    with LocalExecutor(programs, 1) as executor:
        hung, fine = executor.submit(train(seed=1, sleep=60)), executor.submit(train(seed=2))
        with pytest.raises(StudyError, match='"seed": 1.*no answer within'):
            hung.result()
        assert fine.result()[0]["seed"] == 2
    assert (tmp_path / "started").read_text() == "xx"


def test_dear_trials_start_first(programs, tmp_path):
    assert cost(train(steps=100)) > cost(train(steps=10))
    assert cost({**train(steps=10), "size": "large"}) > cost(train(steps=10))
    assert limit(train(steps=10)) > 100 * cost(train(steps=10))
    with LocalExecutor(programs, 1) as executor:
        futures = [executor.submit(train(seed=0, sleep=0.3))]
        time.sleep(0.1)
        futures += [executor.submit(train(seed=s, steps=10 * s)) for s in (1, 3, 2)]
        for future in futures:
            future.result()
    assert (tmp_path / "asked").read_text().split() == ["0", "3", "2", "1"]


def test_what_is_timed_is_shuffled(programs, tmp_path):
    with LocalExecutor(programs, 1, shuffled=True) as executor:
        futures = [executor.submit(train(seed=0, sleep=0.3))]
        time.sleep(0.1)
        futures += [executor.submit(train(seed=s)) for s in range(21, 41)]
        for future in futures:
            future.result()
    asked = [int(word) for word in (tmp_path / "asked").read_text().split()]
    assert asked[0] == 0 and sorted(asked[1:]) == list(range(21, 41)) and asked != sorted(asked)


def test_stopping_ends_what_runs(programs):
    executor = LocalExecutor(programs, 1)
    future = executor.submit(train(seed=1, sleep=60))
    while not executor._workers:
        time.sleep(0.01)
    (worker,) = executor._workers
    process = worker._process
    started = time.monotonic()
    executor.stop()
    assert time.monotonic() - started < 10 and threading.active_count() < 20
    with pytest.raises(StudyError):
        future.result(timeout=5)
    assert process.poll() is not None and not os.path.exists(f"/proc/{process.pid}/exe")


@pytest.mark.parametrize(
    "answer, told",
    [
        ({"workload_version": "2 kappa=100"}, "workload is '2'; accepted: '1'"),
        ({"data_isa": "baseline"}, "data_isa is 'baseline'; accepted: 'avx2'"),
    ],
)
def test_an_answer_of_another_program_than_the_key_names_is_refused(programs, answer, told):
    versions = {"workload": "1", "data_isa": "avx2"}
    fine = {"workload_version": "1 kappa=100", "data_isa": "avx2"}
    with LocalExecutor(programs, 1) as executor:
        refused = executor.submit({**train(**fine), **answer, "versions": versions})
        taken = executor.submit({**train(**fine), "versions": versions})
        with pytest.raises(StudyError, match=told):
            refused.result()
        assert taken.result()[0]["data_isa"] == "avx2"
