"""One cell: every peer prepared on the same data, then rounds in which each gives one sample, in an order
that is shuffled anew.

Where memory does not hold all of them at once, as many stay prepared as it holds, those first that take
longest to prepare, and the others are prepared, timed and dropped in each round.
"""

import random
import time

from .asking import Failure
from .memory import fitting
from .pool import number
from .profiles import SEED

# Threads of OpenMP spin for more work, on the processors of the next peer: those of torch, DeepSpeed and
# bitsandbytes took up to 8 ms of processor time after an answer; oneTBB's and XLA's took none.
PAUSE_SECONDS = 0.02
# A step as long as this is hundreds of times steplab's: two rounds tell that as well as nine do.
LONG_STEP_SECONDS, LONG_STEP_ROUNDS = 1.0, 2


class Sampling:
    """What one peer has given in a cell."""

    def __init__(self, peer, rounds):
        self.peer, self.seconds = peer, [None] * rounds
        self.prepare_seconds = self.error = None
        self.offered = True

    @property
    def wanted(self):
        """Whether another round would tell more."""
        taken = [seconds for seconds in self.seconds if seconds is not None]
        enough = len(taken) >= LONG_STEP_ROUNDS and min(taken) > LONG_STEP_SECONDS
        return self.error is None and not enough

    def fail(self, failure):
        self.error, self.offered = str(failure), failure.offered


def measure(pool, peers, cell, rounds, free, step):
    """[Sampling] of a cell {rule, tensors, seed}.

    `rounds`: of the profile; `free`: bytes of memory; `step()` is called after each sample.
    """
    parameters = sum(cell["tensors"])
    found = {peer.name: Sampling(peer, rounds.count) for peer in peers}
    room = fitting(cell["rule"], parameters, free)
    if room == 0:
        return _too_little(found, free, step)
    staying = sorted(peers, key=lambda peer: not peer.compiles)[: room if room >= len(peers) else room - 1]
    for peer in staying:
        _attempt(found[peer.name], _prepare, pool, cell)
    generator = random.Random(f"{SEED} {cell['rule']} {parameters} {pool.threads}")
    for number_of_round in range(rounds.count):
        for peer in generator.sample(peers, len(peers)):
            sampling = found[peer.name]
            if sampling.wanted and peer not in staying:
                _attempt(sampling, _prepare, pool, cell)
            if sampling.wanted:
                _attempt(sampling, _sample, pool, number_of_round, rounds.seconds, parameters)
            if peer not in staying:
                pool.drop(peer)
            step()
    for peer in staying:
        pool.drop(peer)
    return list(found.values())


def _too_little(found, free, step):
    for sampling in found.values():
        sampling.error = f"not timed: {free / 2**30:.1f} GiB of memory available are too little"
        for _ in sampling.seconds:
            step()
    return list(found.values())


def _attempt(sampling, function, *arguments):
    try:
        function(sampling, *arguments)
    except Failure as failure:
        sampling.fail(failure)


def _prepare(sampling, pool, cell):
    seconds = pool.prepare(sampling.peer, cell)
    if sampling.prepare_seconds is None:  # the first time is the one that compiles
        sampling.prepare_seconds = seconds


def _sample(sampling, pool, number_of_round, min_seconds, parameters):
    limit = 20 + 50 * min_seconds + 1e-6 * parameters
    if pool.threads > 1:
        time.sleep(PAUSE_SECONDS)
    answer = pool.ask(sampling.peer, "time", limit, min_seconds=min_seconds)
    sampling.seconds[number_of_round] = number(answer, "seconds", zero=False)
