"""What a plan asks for. A plan is a generator: it yields what it needs, is sent the answers, and returns its
outcome.

    def plan(context):
        results = yield [config, …]            # results of these configurations, in their order
        results = yield Crossings([config, …], target)   # of each only where its loss falls to a target
        target = yield Freeze(name, value)     # the first value ever frozen under this name
        return {...}                           # plain data

The same text serves twice: the driver computes what the store does not have; `replay` re-derives the outcome
from stored results alone, as the report does. Configurations are plain data with a `kind`; their key is the
hash of all of it. Of a trial that is read for a crossing alone an export keeps no more (cli/export.py), under
a key of its own, that of `crossing_of`: to a plan that wants another target or the whole curve it is not
there.
"""

from collections import namedtuple

Freeze = namedtuple("Freeze", "name value")


class Crossings(list):
    """Configurations of trials that are read for one number each: when the loss falls to `target` times the
    initial one."""

    def __init__(self, configs, target):
        super().__init__(configs)
        self.target = target


def crossing_of(config, target):
    """What an export calls the part of a trial that tells a crossing."""
    return {"kind": "crossing", "of": config, "target": target}


class NotDone(Exception):
    """A plan needs a result that the store does not have."""


def replay(plan, store, watch=lambda request: None):
    """The outcome of a plan from stored results alone; NotDone when one is missing.

    `watch` is shown each request.
    """
    answer = None
    while True:
        try:
            request = plan.send(answer)
        except StopIteration as end:
            return end.value
        watch(request)
        answer = stored(request, store)


def stored(request, store):
    """The answer to one request; NotDone when a part of it is missing."""
    if isinstance(request, Freeze):
        found = store.frozen(request.name)
        if found is None:
            raise NotDone(request.name)
        return found
    results = [_result(config, request, store) for config in request]
    if any(result is None for result in results):
        raise NotDone(f"{sum(r is None for r in results)} of {len(results)} results")
    return results


def _result(config, request, store):
    found = store.result(config)
    if found is None and isinstance(request, Crossings):
        return store.result(crossing_of(config, request.target))
    return found


def is_stored(config, request, store):
    """True where the store has what a request wants of one of its configurations."""
    return store.has_result(config) or (
        isinstance(request, Crossings) and store.has_result(crossing_of(config, request.target))
    )
