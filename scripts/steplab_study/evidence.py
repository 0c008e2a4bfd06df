"""What claims, figures and sections may look at: benchmark results, and the outcomes of studies re-
derived from the store by the same plans that ran them."""

from functools import cached_property

from . import studies
from .driver import NotDone, replay
from .rankings import rankings_of
from .results import Results


class Evidence:
    """`results`: cells, ceilings, memory rows (results.py).

    `context`: of the run that is reported.
    """

    def __init__(self, store, context):
        self._store, self.context = store, context
        self._outcomes = {}

    @cached_property
    def results(self):
        return Results(self._store)

    @cached_property
    def rankings(self):
        """Every finished Ranking (rankings.py), in the profile's order."""
        return rankings_of(self.outcomes("ranking"), self.outcome("step_times"))

    def outcomes(self, name):
        """{key: outcome} of a study's finished plans; {} when nothing is finished or the profile leaves
        it out."""
        if name not in self._outcomes:
            self._outcomes[name] = dict(self._replayed(name))
        return self._outcomes[name]

    def outcome(self, name):
        """The outcome of a study that has one plan; None when it is not finished."""
        return next(iter(self.outcomes(name).values()), None)

    def _replayed(self, name):
        for key, plan in studies.named(name).plans(self.context).items():
            try:
                yield key, replay(plan, self._store)
            except NotDone:
                continue
