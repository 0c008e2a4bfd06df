"""Where configurations are computed.

An executor is two methods: `submit(config)` gives a future of (result, seconds), `stop()` ends what runs;
another engine can take the trials by having the same two.

`LocalExecutor` keeps `workers` processes of `steplab worker`, each single-threaded, and gives them the
configuration with the highest cost first. Kinds that no worker knows are functions of commands.py, run in
the same threads.
"""

import itertools
import json
import queue
import random
import threading
import time
from concurrent.futures import Future

from ..errors import StudyError
from . import commands
from .worker import Worker, WorkerLost

SHUFFLE_SEED = 7
LEAST_LIMIT, SLOWEST = 1800, 100  # a worker that takes more seconds, and this often its rough cost, hangs
SHOWN = 300  # characters of a configuration in an error
TRIES = 3  # of a configuration whose worker ends; one that hangs is not tried again


class LocalExecutor:
    """Up to `workers` configurations at once on this machine."""

    def __init__(self, programs, workers, shuffled=False):
        """`shuffled`: what waits is taken in random order, as measurements of time want it."""
        self._programs = programs
        self._random = random.Random(SHUFFLE_SEED) if shuffled else None
        self._queue, self._order = queue.PriorityQueue(), itertools.count()
        self._lock, self._workers, self._stopped = threading.Lock(), set(), False
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(workers)]
        for thread in self._threads:
            thread.start()

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.stop()

    def submit(self, config):
        """A future of (result, seconds)."""
        future = Future()
        first = self._random.random() if self._random else -cost(config)
        self._queue.put((first, next(self._order), config, future))
        return future

    def stop(self):
        """Ends running trials and takes no more."""
        with self._lock:
            self._stopped = True
            for worker in self._workers:
                worker.interrupt()
        for _ in self._threads:
            self._queue.put((float("-inf"), next(self._order), None, None))
        for thread in self._threads:
            thread.join()

    def _serve(self):
        seat = _Seat()
        while True:
            _, _, config, future = self._queue.get()
            if self._stopped or config is None:
                break
            started = time.monotonic()
            try:
                future.set_result((self._compute(config, seat), time.monotonic() - started))
            except StudyError as error:
                future.set_exception(error)
            except Exception as error:  # a future must never stay open: the driver waits for it
                future.set_exception(StudyError(f"{type(error).__name__}: {error}"))
        self._end(seat)

    def _compute(self, config, seat):
        """The result; a worker that ends is replaced, and the next one asked, up to TRIES times."""
        if config["kind"] in commands.FUNCTIONS:
            return commands.FUNCTIONS[config["kind"]](self._programs, config)
        for tried in range(1, TRIES + 1):
            try:
                if seat.worker is None:
                    seat.worker = self._start()
                return _ask(seat.worker, config)
            except WorkerLost as lost:
                self._end(seat)
                if tried < TRIES and not lost.hung and not self._stopped:
                    continue
                told = f"{lost} (tried {tried} times)" if tried > 1 else str(lost)
                raise StudyError(f"steplab worker, asked for {_shown(config)}: {told}") from lost

    def _start(self):
        with self._lock:
            if self._stopped:
                raise StudyError("the study was stopped")
            worker = Worker([self._programs["steplab"], "worker"])
            self._workers.add(worker)
        return worker

    def _end(self, seat):
        worker, seat.worker = seat.worker, None
        if worker is None:  # none was needed, or it did not even start
            return
        with self._lock:
            self._workers.discard(worker)
        worker.close()


class _Seat:
    """Where a thread keeps its worker; None before the first, and after one was lost."""

    worker = None


_OURS = frozenset({"kind", "versions", "round", "cpu", "digest", "name"})  # of the key, not of the trial


def _asked(config):
    return {k: v for k, v in config.items() if k not in _OURS}


def _shown(config):
    return json.dumps(_asked(config))[:SHOWN]


def _ask(worker, config):
    """The result of one configuration; StudyError with the program's own words when it refuses."""
    kind = "train" if config["kind"] == "train_time" else config["kind"]
    answer = worker.ask({"id": 0, "kind": kind, "config": _asked(config)}, limit(config))
    if "error" in answer:
        raise StudyError(answer["error"])
    _check_origin(config, answer["result"])
    return answer["result"]


def _check_origin(config, result):
    """Refuses what another program computed than the key says: of another version of the workload, or for
    another instruction set."""
    versions = config.get("versions", {})
    given = {"workload": result.get("workload_version", "").split(" ")[0], "data_isa": result.get("data_isa")}
    for name, found in given.items():
        if found and versions.get(name) and versions[name] != found:
            raise StudyError(f"the answer's {name} is '{found}'; accepted: '{versions[name]}', as in its key")


_COSTS = {  # seconds of a training step, roughly: only the order of starts depends on them
    "logistic": (1e-4,),
    "softmax": (1e-5, 5e-5, 2e-4),
    "mlp": (1e-4, 5e-4, 3e-3),
    "cnn": (1e-3, 1.5e-3, 2.5e-3),
    "transformer": (2e-3, 5e-3, 1.5e-2, 3e-2, 8e-2),
}
_SIZES = ("small", "medium", "large", "xlarge", "xxlarge")


def cost(config):
    """A rough number of seconds."""
    costs = _COSTS.get(config.get("workload"), (1e-6,))
    size = config.get("size")
    position = min(_SIZES.index(size) if size in _SIZES else 0, len(costs) - 1)
    return config.get("steps", 1) * costs[position] * config.get("batch", 64) / 64


def limit(config):
    """Seconds after which a worker counts as hung: far more than a busy machine needs."""
    return LEAST_LIMIT + SLOWEST * cost(config)
