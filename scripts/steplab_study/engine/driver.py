"""Runs plans (requests.py): computes what the store does not have, all plans side by side so that every core
stays busy."""

from concurrent.futures import FIRST_COMPLETED, wait

from ..errors import StudyError
from ..progress import Bar, say
from ..store.store import key_of
from .requests import Freeze, stored


class _Running:
    """One plan on its way: the keys that it still waits for."""

    def __init__(self, name, plan):
        self.name, self.plan, self.request, self.missing = name, plan, None, set()


class Driver:
    """Plans over one store and one executor."""

    def __init__(self, store, executor, title):
        self._store, self._executor, self._title = store, executor, title
        self._futures, self._waiting = {}, {}  # future: (key, config); key: plans that wait for it
        self.failed = {}  # {plan: error}: the others went on

    def run(self, plans):
        """{name: outcome} of `plans`: {name: generator}; a plan whose trial fails is in `failed`
        instead."""
        self._outcomes = {}
        with Bar(None, self._title, "trial") as self._bar:
            for name, plan in plans.items():
                self._advance(_Running(name, plan), None)
            while self._futures:
                done, _ = wait(self._futures, return_when=FIRST_COMPLETED)
                for future in done:
                    self._collect(future)
        return self._outcomes

    def _collect(self, future):
        key, config = self._futures.pop(future)
        waiting = self._waiting.pop(key)
        try:
            result, seconds = future.result()
        except StudyError as error:
            for running in waiting:
                self._fail(running, error)
            return
        self._store.add_result(config, result, seconds)
        self._bar.update()
        for running in waiting:
            running.missing.discard(key)
            if not running.missing and running.name not in self.failed:
                self._advance(running, stored(running.request, self._store))

    def _fail(self, running, error):
        if running.name not in self.failed:
            self.failed[running.name] = str(error)
            say(f"{running.name} stopped: {error}")

    def _advance(self, running, answer):
        """Send answers until the plan waits for something that has to be computed."""
        while True:
            try:
                running.request = running.plan.send(answer)
            except StopIteration as end:
                self._outcomes[running.name] = end.value
                return
            if isinstance(running.request, Freeze):
                answer = self._store.freeze(*running.request)
                continue
            missing = {key_of(c): c for c in running.request if not self._store.has_result(c)}
            if not missing:
                answer = stored(running.request, self._store)
                continue
            running.missing = set(missing)
            for key, config in missing.items():
                self._want(key, config, running)
            return

    def _want(self, key, config, running):
        if key in self._waiting:
            self._waiting[key].append(running)
            return
        self._waiting[key] = [running]
        self._futures[self._executor.submit(config)] = (key, config)
        self._bar.expect()
