"""What claims, figures and sections may look at: benchmark results, and the outcomes of studies re-
derived from the store by the same plans that ran them."""

from contextlib import contextmanager
from functools import cached_property

from . import claims, studies
from .benchmarks.results import BenchmarkResults
from .engine.requests import NotDone, replay
from .peers import json_file
from .peers.ratios import PeerRatios
from .rankings.ranking import rankings_of
from .store import exported
from .trials.configuration import context_from


@contextmanager
def opened(directory):
    """The evidence in a folder that a study or an export wrote, with the context of its latest run."""
    store = exported.read(directory)
    try:
        yield Evidence(store, context_from(store.latest_settings()))
    finally:
        store.close()


class Evidence:
    """`benchmarks`: cells, ceilings, memory rows (benchmarks/results.py).

    `context`: of the run that is reported.
    """

    def __init__(self, store, context):
        self.store, self.context = store, context
        self._outcomes = {}

    @cached_property
    def benchmarks(self):
        return BenchmarkResults(self.store)

    @cached_property
    def rankings(self):
        """Every finished Ranking (rankings/ranking.py), in the profile's order."""
        return rankings_of(self.outcomes("ranking"), self.outcomes("step_times"))

    @cached_property
    def peer_ratios(self):
        """What stands beside steplab in this folder (peers/ratios.py); None without peers.json."""
        found = json_file.read_or_exported(self.store.path.parent)
        return None if found is None else PeerRatios(found, self.benchmarks.smallest_difference() or 0.0)

    def outcomes(self, name):
        """{key: outcome} of a study's finished plans; {} when nothing is finished or the profile leaves
        it out."""
        if name not in self._outcomes:
            self._outcomes[name] = dict(self._replayed(name))
        return self._outcomes[name]

    def outcome(self, name):
        """The outcome of a study that has one plan; None when it is not finished."""
        return next(iter(self.outcomes(name).values()), None)

    @cached_property
    def ledger(self):
        """[(claim, verdict)] of every claim, in the ledger's order."""
        return [(claim, claims.judge(claim, self)) for claim in claims.ALL]

    def _replayed(self, name):
        for key, plan in studies.named(name).plans(self.context).items():
            try:
                yield key, replay(plan, self.store)
            except NotDone:
                continue
