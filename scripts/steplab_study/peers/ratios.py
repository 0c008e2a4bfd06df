"""Peers beside steplab: the peer's seconds ÷ steplab's of the same round, median with 95 % interval.

Above 1 steplab is faster. Two bases: the C++ plan, and for peers that are called from Python also
steplab's drop-in for torch.optim, which has the same language and the same call path.
"""

from dataclasses import dataclass
from functools import cached_property

from ..statistics.intervals import Interval, median_paired_ratio, separation
from .list import ALL, BY_NAME
from .profiles import HELD

PLAN, DROPIN = "steplab", "steplab_dropin"
PEERS = tuple(peer.name for peer in ALL if peer.group != "steplab")
RULES = {"adamw": "adamw", "sgdm": "sgd_momentum", "adam": "adam"}  # as other parts of the study name them
FASTER, SLOWER, UNDECIDED = "faster", "slower", "undecided"  # what steplab is
KERNELS = ("steplab_autovec", "steplab_scalar")  # the plan with other kernels
HUGE = ("torch_fused_huge", "deepspeed_huge")  # peers over memory that they do not ask for by themselves
_COMPILED = (PLAN, *KERNELS)
_WORDS = {-1: SLOWER, 0: UNDECIDED, 1: FASTER}  # of steplab, by where the peer's ratio lies


def is_own(peer):
    """Whether it is steplab in another form, not a peer."""
    return peer.startswith("steplab")


def group_of(peer):
    return BY_NAME[peer].group if peer in BY_NAME else "others"


@dataclass(frozen=True)
class Ratio:
    """Of one peer in one cell, with what it says of steplab."""

    rule: str
    list: str
    threads: int
    peer: str
    found: Interval
    word: str

    @property
    def key(self):
        return (self.rule, self.list, self.threads, self.peer)


class PeerRatios:
    """`measured`: what json_file.read gives.

    `floor`: the smallest relative difference that the folder's study can tell, 0 where it measured none.
    """

    def __init__(self, measured, floor=0.0):
        self.measured, self.floor = measured, floor
        self.cells = {(c["rule"], c["list"], c["threads"], c["peer"]): c for c in measured["cells"]}
        self._ratios = {}

    @cached_property
    def rules(self):
        return self._in_order(list(RULES), 0)

    @cached_property
    def lists(self):
        """Single tensors by size, then lists by their number of tensors."""
        names = dict.fromkeys(key[1] for key in self.cells)
        return sorted(names, key=lambda name: (self.shape(name), name))

    @cached_property
    def threads(self):
        return sorted({key[2] for key in self.cells})

    @cached_property
    def peers(self):
        """Every peer that was named, installed or not; steplab's plan left out."""
        known = list(BY_NAME)
        named = dict.fromkeys([*self.measured["peers"], *(key[3] for key in self.cells)])
        own_last = sorted(named, key=lambda p: (is_own(p), known.index(p) if p in known else len(known)))
        return [peer for peer in own_last if peer != PLAN]

    def _in_order(self, known, place):
        found = dict.fromkeys(key[place] for key in self.cells)
        return [k for k in known if k in found] + [f for f in found if f not in known]

    def ratios(self, base=PLAN):
        """[Ratio] of every peer and cell that both have a round in common in, by rule, list, threads and
        peer."""
        if base not in self._ratios:
            self._ratios[base] = list(self._against(base))
        return self._ratios[base]

    def _against(self, base):
        for rule in self.rules:
            for name in self.lists:
                for threads in self.threads:
                    for peer in self.peers:
                        found = self._ratio((rule, name, threads), peer, base)
                        if found is not None:
                            word = _WORDS[separation(found, self.floor)]
                            yield Ratio(rule, name, threads, peer, found, word)

    def _ratio(self, cell, peer, base):
        if peer == base or (base == DROPIN and peer in _COMPILED):
            return None
        return median_paired_ratio(self.by_round(*cell, peer), self.by_round(*cell, base))

    def by_round(self, rule, name, threads, peer):
        """{round: seconds}, without samples that failed."""
        cell = self.cells.get((rule, name, threads, peer))
        samples = cell["seconds"] if cell else ()
        return {number: seconds for number, seconds in enumerate(samples) if seconds is not None}

    def missing(self):
        """Keys of cells that a peer offers and gave no number in."""
        return [key for key, cell in self.cells.items() if cell["offered"] and not self.by_round(*key)]

    def title(self, peer):
        return self.measured["peers"].get(peer, {}).get("title") or peer

    def shape(self, name):
        """(tensors, parameters) of a list."""
        cell = next(c for key, c in self.cells.items() if key[1] == name)
        return cell["tensors"], cell["parameters"]

    def footprint(self, rule, name):
        """Bytes that one step touches."""
        return HELD[rule] * self.shape(name)[1]
