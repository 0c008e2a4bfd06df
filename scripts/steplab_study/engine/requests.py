"""What a plan asks for. A plan is a generator: it yields what it needs, is sent the answers, and returns its
outcome.

    def plan(context):
        results = yield [config, …]            # results of these configurations, in their order
        target = yield Freeze(name, value)     # the first value ever frozen under this name
        return {...}                           # plain data

The same text serves twice: the driver computes what the store does not have; `replay` re-derives the outcome
from stored results alone, as the report does. Configurations are plain data with a `kind`; their key is the
hash of all of it.
"""

from collections import namedtuple

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
        answer = stored(request, store)


def stored(request, store):
    """The answer to one request; NotDone when a part of it is missing."""
    if isinstance(request, Freeze):
        found = store.frozen(request.name)
        if found is None:
            raise NotDone(request.name)
        return found
    results = [store.result(config) for config in request]
    if any(result is None for result in results):
        raise NotDone(f"{sum(r is None for r in results)} of {len(results)} results")
    return results
