"""The workers of one number of threads: started when they are first asked, again after they ended, and
given up where that helps no more."""

import math

from .asking import Failure, ask, start

MOST_HANGS = 2  # a peer that did not answer so often is left alone
MOST_COMPILE_SECONDS = 600


class Pool:
    """`launch(peer, threads)` gives argv and environment of a worker; close() ends them all."""

    def __init__(self, threads, launch):
        self.threads = threads
        self._launch = launch
        self._workers, self._greetings, self._refused, self._hangs = {}, {}, {}, {}

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        for worker in self._workers.values():
            worker.kill() if kind else worker.close()

    def greeting(self, peer):
        """What the peer says of itself; a Failure where it cannot run."""
        self._worker(peer)
        return self._greetings[peer.name]

    def ask(self, peer, do, seconds, **more):
        """The answer to one request; a Failure where there is none."""
        try:
            return ask(self._worker(peer), do, seconds, **more)
        except Failure as failure:
            if failure.hung:
                self._hangs[peer.name] = self._hangs.get(peer.name, 0) + 1
            raise

    def prepare(self, peer, cell):
        """Seconds that it took."""
        answer = self.ask(peer, "prepare", prepare_limit(peer, cell), cell=cell)
        return number(answer, "prepare_seconds")

    def drop(self, peer):
        """What it has prepared is freed, by its end if need be; never a Failure."""
        worker = self._workers.get(peer.name)
        if worker is None or not worker.alive:
            return
        try:
            ask(worker, "drop", 30)
        except Failure:
            worker.kill()

    def _worker(self, peer):
        if peer.name in self._refused:
            raise Failure(self._refused[peer.name])
        if self._hangs.get(peer.name, 0) >= MOST_HANGS:
            raise Failure(f"given up: no answer in time, {MOST_HANGS} times before")
        worker = self._workers.get(peer.name)
        if worker is None or not worker.alive:
            try:
                worker, greeting = start(*self._launch(peer, self.threads))
            except Failure as failure:
                self._refused[peer.name] = str(failure)
                raise
            self._workers[peer.name], self._greetings[peer.name] = worker, greeting
        return worker


def prepare_limit(peer, cell):
    """Seconds for what makes the data and takes two steps: generous, for a busy machine."""
    return MOST_COMPILE_SECONDS if peer.compiles else 120 + 3e-6 * sum(cell["tensors"])


def number(answer, key, zero=True):
    """A number of an answer, not negative; a Failure where it is none."""
    found = answer.get(key)
    good = isinstance(found, (int, float)) and not isinstance(found, bool) and 0 <= found < math.inf
    if not good or (found == 0 and not zero):
        raise Failure(
            f"answered {key} = {found!r}; accepted: a finite number {'of at least' if zero else 'above'} 0"
        )
    return found
