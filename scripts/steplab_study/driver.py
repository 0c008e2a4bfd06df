"""Runs plans. A plan is a generator: it yields what it needs, is sent the answers, and returns its outcome.

    def plan(context):
        results = yield [config, …]            # results of these configurations, in their order
        target = yield Freeze(name, value)     # the first value ever frozen under this name
        return {...}                           # plain data

The same text serves twice: `run` computes what the store does not have, all plans side by side so that
every core stays busy; `replay` re-derives the outcome from stored results alone, as the report does.
Configurations are plain data with a `kind`; their key is the hash of all of it.
"""

from collections import namedtuple
from concurrent.futures import FIRST_COMPLETED, wait

from .errors import StudyError
from .progress import Bar, say
from .store import key_of

Freeze = namedtuple("Freeze", "name value")


class NotDone(Exception):
    """A plan needs a result that the store does not have."""


def replay(plan, store):
    """The outcome of a plan from stored results alone; NotDone when one is missing."""
    answer = None
    while True:
        try:
            request = plan.send(answer)
        except StopIteration as end:
            return end.value
        answer = _stored(request, store)


def _stored(request, store):
    if isinstance(request, Freeze):
        found = store.frozen(request.name)
        if found is None:
            raise NotDone(request.name)
        return found
    results = [store.result(config) for config in request]
    if any(result is None for result in results):
        raise NotDone(f"{sum(r is None for r in results)} of {len(results)} results")
    return results


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
                self._advance(running, _stored(running.request, self._store))

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
                answer = _stored(running.request, self._store)
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
