"""What a worker is asked to do with its peer.

A cell is {"rule", "tensors": [elements, …], "seed"}. The requests:

- prepare: a cell in place of the one before, with two steps behind it, so that state and code are there;
- time: mean seconds of a step, over as many as fill min_seconds;
- check: values after one step for each gradient seed, from the start, as float32 in a file;
- memory: bytes of state, and by how much a step's peak exceeds what is resident before it;
- drop: forgets the cell.
"""

import gc
import math
import time

from bench.peers import memory, numbers
from bench.peers.peer import NotOffered

_LONG_STEP = 1.0  # seconds


class Cells:
    def __init__(self, peer, threads):
        self._peer, self._threads = peer, threads
        self._made = None
        self._last = 0.0  # seconds a step took when it was last timed

    def answer(self, request):
        asked = {
            "prepare": self._prepare,
            "time": self._time,
            "check": self._check,
            "memory": self._memory,
            "drop": self._drop,
        }
        if request.get("do") not in asked:
            known = ", ".join([*asked, "quit"])
            raise ValueError(f"cannot do {request.get('do')!r}; accepted: {known}")
        return asked[request["do"]](request)

    def _make(self, cell):
        if cell["rule"] not in self._peer.rules:
            raise NotOffered(f"{self._peer.title} has no {cell['rule']}")
        return self._peer(cell["rule"], numbers.values(cell["tensors"], cell["seed"]), self._threads)

    def _prepare(self, request):
        self._drop()
        cell = request["cell"]
        begun = time.perf_counter()
        made = self._make(cell)
        made.set_gradients(numbers.gradients(cell["tensors"], cell["seed"] + 1))
        for _ in range(2):
            stepped = time.perf_counter()
            made.step()
            made.finish()
            self._last = time.perf_counter() - stepped
        self._made = made
        return {"prepare_seconds": time.perf_counter() - begun}

    def _prepared(self):
        if self._made is None:
            raise ValueError("no cell is prepared")
        return self._made

    def _time(self, request):
        """One step goes before that counts for nothing, as others ran since; not where it takes over a
        second."""
        made, least = self._prepared(), request["min_seconds"]
        if self._last < _LONG_STEP:
            made.step()
            made.finish()
        taken, steps, step = 0.0, 0, made.step
        while steps == 0 or taken < least:
            count = max(1, math.ceil((least - taken) / max(self._last, 1e-7)))
            begun = time.perf_counter()
            for _ in range(count):
                step()
            made.finish()
            taken, steps = taken + time.perf_counter() - begun, steps + count
            self._last = taken / steps
        return {"seconds": taken / steps, "steps": steps}

    def _check(self, request):
        cell = request["cell"]
        made = self._make(cell)
        for seed in request["gradient_seeds"]:
            made.set_gradients(numbers.gradients(cell["tensors"], seed))
            made.step()
            made.finish()
        with open(request["file"], "wb") as file:
            for array in made.values():
                file.write(array.astype("<f4", copy=False).tobytes())
        return {}

    def _memory(self, request):
        made = self._prepared()

        def step():
            made.step()
            made.finish()

        return {"state_bytes": made.state_bytes(), "peak_bytes": memory.peak_growth(step)}

    def _drop(self, request=None):
        self._made = None
        gc.collect()
        return {}
