"""A process asked in JSON lines: it answers, or it is lost, killed, and says why."""

import sys

import pytest

from steplab_study.engine.worker import Worker, WorkerLost

ANSWERS = """
import json, sys, time
for line in sys.stdin:
    do = json.loads(line)["do"]
    if do == "hang": time.sleep(60)
    if do == "end": sys.exit("no more")
    print("no JSON" if do == "babble" else json.dumps({"done": do * 100_000}), flush=True)
"""


@pytest.fixture
def worker():
    found = Worker([sys.executable, "-c", ANSWERS])
    yield found
    found.close()


def test_answers_come_back_however_long(worker):
    assert worker.ask({"do": "x"}, 30) == {"done": "x" * 100_000}
    assert worker.ask({"do": "y"}, 30) == {"done": "y" * 100_000} and worker.alive


@pytest.mark.parametrize(
    "do, seconds, told, hung",
    [
        ("hang", 0.2, "no answer within", True),
        ("end", 30, "the process ended .exit code 1.: no more", False),
        ("babble", 30, "answered no JSON object: 'no JSON'", False),
    ],
)
def test_what_gives_no_answer_is_lost_and_killed(worker, do, seconds, told, hung):
    with pytest.raises(WorkerLost, match=told) as lost:
        worker.ask({"do": do}, seconds)
    assert lost.value.hung == hung and not worker.alive


def test_a_program_that_is_not_there_is_named():
    with pytest.raises(WorkerLost, match="'/nowhere/x' does not start: No such file"):
        Worker(["/nowhere/x"])
