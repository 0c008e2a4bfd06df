"""Runs trials. The executor is one small interface: submit a configuration, get a future of its result.

`LocalExecutor` runs `steplab train --json` in parallel processes, each single-threaded; `run_trials` asks
the store first and commits each result as it arrives, so that an interruption loses at most the running
trials.
"""

import json
import subprocess
import threading
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from .errors import StudyError
from .progress import Bar


def train_command(program, config, steps=None):
    """`steplab train` for a configuration; `steps` replaces its number of steps (quiet timings)."""
    command = [
        str(program),
        "train",
        "--workload",
        config["workload"],
        "--size",
        config["size"],
        "--rule",
        config["rule"],
        "--lr",
        repr(config["lr"]),
    ]
    for option in config["options"]:
        command += ["--option", option]
    for name, value in sorted(config["hyper"].items()):
        command += ["--hyper", f"{name}={value!r}"]
    count = config["steps"] if steps is None else steps
    return command + [
        "--seed",
        str(config["seed"]),
        "--steps",
        str(count),
        "--batch",
        str(config["batch"]),
        "--eval-every",
        str(config["eval_every"] if steps is None else count),
        "--schedule",
        config["schedule"],
        "--threads",
        "1",
        "--variant",
        "xsimd/serial",
        "--json",
    ]


class LocalExecutor:
    """Up to `workers` trials at once on this machine."""

    def __init__(self, program, workers):
        self._program, self._workers = program, workers
        self._lock, self._running, self._stopped = threading.Lock(), set(), False
        self._pool = ThreadPoolExecutor(max_workers=workers)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.stop()

    def submit(self, config, steps=None):
        """A future of (result, seconds)."""
        return self._pool.submit(self._run, config, steps)

    def stop(self):
        """Ends running trials and takes no more."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                process.kill()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, config, steps):
        started = time.monotonic()
        command = train_command(self._program, config, steps)
        with self._lock:
            if self._stopped:
                raise StudyError("the study was stopped")
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self._running.add(process)
        try:
            out, err = process.communicate()
        finally:
            with self._lock:
                self._running.discard(process)
        if process.returncode != 0:
            raise StudyError(
                f"steplab {' '.join(command[1:])}\n  ended with exit code {process.returncode}: "
                f"{err.strip()[-2000:]}"
            )
        try:
            return json.loads(out), time.monotonic() - started
        except json.JSONDecodeError as error:
            raise StudyError(f"steplab {' '.join(command[1:])}\n  printed no JSON: {error}") from error


def run_trials(store, executor, configs, title):
    """Results of `configs` in their order, from the store where it has them."""
    missing = [c for c in configs if store.trial(c) is None]
    missing = list({json.dumps(c, sort_keys=True): c for c in missing}.values())
    futures = {executor.submit(config): config for config in missing}
    with Bar(len(configs), title, "trial", done=len(configs) - len(missing)) as bar:
        pending = set(futures)
        while pending:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                result, seconds = future.result()
                store.add_trial(futures[future], result, seconds)
                bar.update()
    return [store.trial(config) for config in configs]
