"""Where configurations are computed.

An executor is two methods: `submit(config)` gives a future of (result, seconds), `stop()` ends what runs;
another engine can take the trials by having the same two.

`LocalExecutor` keeps `workers` processes of `steplab worker`, each single-threaded, and gives them the
configuration with the highest cost first. Kinds that no worker knows are functions of `kinds.py`, run in
the same threads.
"""

import itertools
import json
import queue
import random
import subprocess
import threading
import time
from concurrent.futures import Future

from ..errors import StudyError
from . import commands

SHUFFLE_SEED = 7
SHOWN = 300  # characters of a configuration in an error


class LocalExecutor:
    """Up to `workers` configurations at once on this machine."""

    def __init__(self, programs, workers, shuffled=False):
        """`shuffled`: what waits is taken in random order, as measurements of time want it."""
        self._programs = programs
        self._random = random.Random(SHUFFLE_SEED) if shuffled else None
        self._queue, self._order = queue.PriorityQueue(), itertools.count()
        self._lock, self._processes, self._stopped = threading.Lock(), set(), False
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
            for process in self._processes:
                process.kill()
        for _ in self._threads:
            self._queue.put((float("-inf"), next(self._order), None, None))
        for thread in self._threads:
            thread.join()

    def _serve(self):
        worker = None
        while True:
            _, _, config, future = self._queue.get()
            if self._stopped or config is None:
                break
            started = time.monotonic()
            try:
                if config["kind"] in commands.FUNCTIONS:
                    result = commands.FUNCTIONS[config["kind"]](self._programs, config)
                else:
                    if worker is None:
                        worker = self._start()
                    result = _ask(worker, config)
                future.set_result((result, time.monotonic() - started))
            except _WorkerLost as error:
                self._end(worker)
                worker = None
                future.set_exception(StudyError(str(error)))
            except StudyError as error:
                future.set_exception(error)
            except Exception as error:  # a future must never stay open: the driver waits for it
                future.set_exception(StudyError(f"{type(error).__name__}: {error}"))
        if worker is not None:
            self._end(worker)

    def _start(self):
        with self._lock:
            if self._stopped:
                raise StudyError("the study was stopped")
            process = subprocess.Popen(
                [str(self._programs["steplab"]), "worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,  # Ctrl-C is the study's to handle
            )
            self._processes.add(process)
        return process

    def _end(self, process):
        with self._lock:
            self._processes.discard(process)
        process.stdin.close()
        process.stdout.close()
        process.kill()
        process.wait()


_OURS = frozenset({"kind", "versions", "round", "cpu", "digest", "name"})  # of the key, not of the trial


class _WorkerLost(Exception):
    pass


def _ask(process, config):
    """The result of one configuration; StudyError with the program's own words when it refuses."""
    asked = {k: v for k, v in config.items() if k not in _OURS}
    kind = "train" if config["kind"] == "train_time" else config["kind"]
    try:
        process.stdin.write(json.dumps({"id": 0, "kind": kind, "config": asked}) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
    except (BrokenPipeError, ValueError) as error:
        raise _WorkerLost(f"steplab worker ended: {error}") from error
    if not line:
        code, shown = process.wait(), json.dumps(asked)[:SHOWN]
        raise _WorkerLost(f"steplab worker ended with exit code {code} during {shown}")
    answer = json.loads(line)
    if "error" in answer:
        raise StudyError(answer["error"])
    return answer["result"]


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
