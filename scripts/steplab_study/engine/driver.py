"""Runs plans (requests.py): computes what the store does not have, all plans side by side so that every core
stays busy."""

import queue
import time

from ..errors import StudyError
from ..progress import Bar, say
from ..store.store import key_of
from .requests import Freeze, is_stored, stored


COMMIT_SECONDS = 1.0  # results are kept that long in one transaction: a commit each would cost milliseconds


class _Running:
    """One plan on its way: the keys that it still waits for."""

    def __init__(self, name, plan):
        self.name, self.plan, self.request, self.missing = name, plan, None, set()


class Driver:
    """Plans over one store and one executor."""

    def __init__(self, store, executor, title):
        self._store, self._executor, self._title = store, executor, title
        self._waiting = {}  # {key: (configuration, plans that wait for it)}
        self._done = queue.SimpleQueue()  # (key, future), as they end
        self.failed = {}  # {plan: error}: the others went on

    def run(self, plans):
        """{name: outcome} of `plans`: {name: generator}; a plan that fails, or whose trial does, is in
        `failed` instead."""
        self._outcomes = {}
        try:
            with Bar(None, self._title, "trial") as self._bar:
                for name, plan in plans.items():
                    self._advance(_Running(name, plan), None)
                while self._waiting:
                    self._collect_for(COMMIT_SECONDS)
                    self._store.commit()
        finally:
            self._store.commit()
        return self._outcomes

    def _collect_for(self, seconds):
        """What ends within that time, or until nothing is waited for."""
        until = time.monotonic() + seconds
        while self._waiting and (left := until - time.monotonic()) > 0:
            try:
                key, future = self._done.get(timeout=left)
            except queue.Empty:
                return
            self._collect(key, future)

    def _collect(self, key, future):
        config, waiting = self._waiting.pop(key)
        try:
            result, seconds = future.result()
        except Exception as error:  # whatever it is, other plans go on
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
            self.failed[running.name] = str(error) if isinstance(error, StudyError) else repr(error)
            say(f"{running.name} stopped: {self.failed[running.name]}")

    def _advance(self, running, answer):
        """Send answers until the plan waits for something that has to be computed."""
        try:
            while True:
                running.request = running.plan.send(answer)
                if isinstance(running.request, Freeze):
                    answer = self._store.freeze(*running.request)
                    continue
                request = running.request
                missing = {key_of(c): c for c in request if not is_stored(c, request, self._store)}
                if missing:
                    break
                answer = stored(running.request, self._store)
        except StopIteration as end:
            self._outcomes[running.name] = end.value
        except Exception as error:  # a fault of this plan's
            self._fail(running, error)
        else:
            running.missing = set(missing)
            for key, config in missing.items():
                self._want(key, config, running)

    def _want(self, key, config, running):
        if key in self._waiting:
            self._waiting[key][1].append(running)
            return
        self._waiting[key] = (config, [running])
        self._bar.expect()
        self._executor.submit(config).add_done_callback(lambda future: self._done.put((key, future)))
