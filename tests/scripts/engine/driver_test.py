"""Plans run and are replayed by the same text; what fails stops its own plan only."""

import threading
import time
from concurrent.futures import Future

import pytest

from steplab_study.engine.driver import Driver
from steplab_study.engine.requests import Freeze, NotDone, replay
from steplab_study.errors import StudyError
from steplab_study.store.store import Store


class Squares:
    """An executor that squares `x` at once and refuses what is negative."""

    def __init__(self):
        self.asked = []

    def submit(self, config):
        self.asked.append(config["x"])
        future = Future()
        if config["x"] < 0:
            future.set_exception(StudyError(f"x is {config['x']}: accepted are numbers from 0"))
        else:
            future.set_result(({"square": config["x"] ** 2}, 0.0))
        return future


@pytest.fixture
def store(tmp_path):
    opened = Store.open(tmp_path)
    yield opened
    opened.close()


def of(*numbers):
    return [{"kind": "square", "x": x} for x in numbers]


def two_phases(first):
    results = yield of(*first)
    largest = max(r["square"] for r in results)
    frozen = yield Freeze("largest", largest)
    (last,) = yield of(largest)
    return {"frozen": frozen, "last": last["square"]}


def test_a_plan_gets_its_results_in_order_and_its_outcome_is_replayed(store):
    executor = Squares()
    outcomes = Driver(store, executor, "trials").run({"a": two_phases([3, 2, 1])})
    assert outcomes == {"a": {"frozen": 9, "last": 81}}
    assert replay(two_phases([3, 2, 1]), store) == outcomes["a"]


def test_nothing_is_computed_twice_not_even_by_two_plans(store):
    executor = Squares()
    Driver(store, executor, "trials").run({"a": two_phases([3, 2]), "b": two_phases([2, 3])})
    assert sorted(executor.asked) == [2, 3, 9]
    Driver(store, executor, "trials").run({"a": two_phases([3, 2])})
    assert len(executor.asked) == 3


def test_a_plan_without_its_results_is_not_done(store):
    with pytest.raises(NotDone, match="2 of 2"):
        replay(two_phases([3, 2]), store)
    Driver(store, Squares(), "trials").run({"a": one_request()})
    with pytest.raises(NotDone, match="1 of 2"):
        replay(two_phases([3, 2]), store)


def one_request():
    yield of(3)


def test_a_failing_trial_stops_its_plan_and_no_other(store):
    driver = Driver(store, Squares(), "trials")
    outcomes = driver.run({"bad": two_phases([-1, 5]), "good": two_phases([3])})
    assert list(outcomes) == ["good"]
    assert driver.failed == {"bad": "x is -1: accepted are numbers from 0"}
    assert store.has_result(of(5)[0])  # what was finished is kept


def test_what_is_frozen_first_stays(store):
    store.freeze("largest", 4)
    outcomes = Driver(store, Squares(), "trials").run({"a": two_phases([3])})
    assert outcomes["a"]["frozen"] == 4


def faulty(first):
    results = yield of(*first)
    yield of(results[0]["no such name"])


def test_a_fault_of_one_plan_stops_that_plan_alone(store):
    driver = Driver(store, Squares(), "trials")
    assert set(driver.run({"bad": faulty([2]), "good": two_phases([3, 2, 1])})) == {"good"}
    assert "no such name" in driver.failed["bad"]


class Broken(Squares):
    """An executor whose trials end with an error that nobody foresaw."""

    def submit(self, config):
        future = super().submit(config)
        if config["x"] == 2:
            future = Future()
            future.set_exception(KeyError("surprise"))
        return future


def test_any_exception_of_a_trial_is_its_plans_failure(store):
    driver = Driver(store, Broken(), "trials")
    assert set(driver.run({"bad": two_phases([2]), "good": two_phases([3])})) == {"good"}
    assert "surprise" in driver.failed["bad"]


def test_a_result_is_kept_within_a_second_also_while_the_next_is_awaited(store, tmp_path):
    class Slow(Squares):
        """The second result comes once another reader has the first."""

        def submit(self, config):
            if config["x"] != 9:
                return super().submit(config)
            future = Future()
            threading.Thread(target=self._answer, args=(future,)).start()
            return future

        def _answer(self, future):
            other, until = Store.read(tmp_path), time.monotonic() + 30
            while not other.has_result(of(3)[0]) and time.monotonic() < until:
                time.sleep(0.05)
            future.set_result(({"square": 81 if other.has_result(of(3)[0]) else 0}, 0.0))
            other.close()

    assert Driver(store, Slow(), "trials").run({"a": two_phases([3])}) == {"a": {"frozen": 9, "last": 81}}


def test_what_was_computed_is_kept_when_the_run_is_interrupted(store, tmp_path):
    class Interrupted(Squares):
        def submit(self, config):
            if config["x"] == 9:
                raise KeyboardInterrupt
            return super().submit(config)

    with pytest.raises(KeyboardInterrupt):
        Driver(store, Interrupted(), "trials").run({"a": two_phases([3])})
    other = Store.read(tmp_path)
    assert other.result(of(3)[0]) == {"square": 9}
    other.close()
