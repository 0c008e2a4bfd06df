"""Did the machine stay what it was?

Bare streams are timed at the start and at the end of every round's process. Medians over rounds, as every
claim rests on such: a single pair of timings scatters by more than the machine drifts.
"""

import re
from dataclasses import dataclass

from ..statistics.intervals import median

ID = re.compile(r"drift/(?P<when>start|end)/(?P<stream>.+)")


@dataclass(frozen=True)
class Drift:
    """The bare stream that changed most."""

    stream: str
    within: float  # end of a round ÷ its start - 1, median over rounds
    over: float  # last third of the rounds ÷ first third - 1

    @property
    def size(self):
        return max(abs(self.within), abs(self.over))


def drifts(timings):
    """[Drift] of each stream, the largest first.

    `timings`: {(stream, when): {round: ns}}.
    """
    found = []
    for stream in dict.fromkeys(stream for stream, _ in timings):
        start, end = timings.get((stream, "start"), {}), timings.get((stream, "end"), {})
        rounds = sorted(start.keys() & end.keys())
        if rounds:
            within = median(end[r] / start[r] for r in rounds) - 1
            found.append(Drift(stream, within, _over([(start[r], end[r]) for r in rounds])))
    return sorted(found, key=lambda drift: -drift.size)


def _over(both):
    """From the first third of the rounds to the last; 0 below three rounds."""
    third = len(both) // 3
    if third == 0:
        return 0.0
    first, last = both[:third], both[-third:]
    return median(t for pair in last for t in pair) / median(t for pair in first for t in pair) - 1
