"""One benchmark cell over its rounds, and what the ids of cells say.

Times are nanoseconds, sizes bytes or parameters, intervals 95 %.
"""

import re
from dataclasses import dataclass, field

from ..statistics.intervals import Interval, mad, median_interval
from . import disturbed

STEP = re.compile(
    r"step/(?P<optimizer>[^/]+)/(?P<kernel>[^/]+)/(?P<schedule>[^/]+)/n:(?P<n>\d+)/tensors:(?P<tensors>\d+)"
    r"/threads:(?P<threads>\d+)(?P<rest>.*)"
)
CROSSOVER = re.compile(STEP.pattern.replace("step/", "crossover/", 1))
CEILING = re.compile(r"ceiling/(?P<k>\d+)rw1r/(?P<schedule>[^/]+)/n:(?P<n>\d+)/threads:(?P<threads>\d+)")
LIMIT = re.compile(r"limit/(?P<optimizer>[^/]+)/n:(?P<n>\d+)")
BASELINE = re.compile(
    r"baseline/(?P<kernel>[^/]+)/(?P<optimizer>[^/]+)/n:(?P<n>\d+)/threads:(?P<threads>\d+)"
)  # the form before fusing in the kernel's place
EXTRAS = re.compile(
    r"extras/(?P<optimizer>[^/]+)/(?P<kernel>[^/]+)/(?P<schedule>[^/]+)/n:(?P<n>\d+)/threads:(?P<threads>\d+)"
)  # the form in the kernel's place
LEVELS = ("L1", "L2", "L3", "memory")


@dataclass
class Cell:
    """One benchmark cell over its rounds.

    `samples`: ns per parameter, one a round.
    """

    id: str
    n: int
    optimizer: str = ""
    kernel: str = ""
    schedule: str = "serial"
    tensors: int = 1
    threads: int = 1
    streams: int = 0  # arrays read and written (ceilings and steps alike)
    rest: str = ""  # what follows the threads in the id, such as a second name
    samples: list = field(default_factory=list)
    rounds: list = field(default_factory=list)  # of the samples
    taken: list = field(default_factory=list)  # (round, sample as it was measured)
    polluted: list = field(default_factory=list)  # (round, what disturbed it), not among the samples
    suspected: list = field(default_factory=list)  # the same, kept as too few would be left
    counters: dict = field(default_factory=dict)  # all numbers of one sample
    errors: list = field(default_factory=list)
    bytes_per_parameter: float = 0.0
    fetched_bytes_per_parameter: float = 0.0  # of written lines that were not read before
    flops_per_parameter: float = 0.0
    threads_running: int = 1  # a small plan runs on one, whatever the schedule
    _interval: Interval = None

    @property
    def time(self):
        """Median ns per parameter with its interval."""
        if self._interval is None:
            self._interval = median_interval(self.samples)
        return self._interval

    def settle(self):
        """Make samples of what was `taken`, without the polluted ones."""
        clean, self.polluted, self.suspected = disturbed.split(self.taken)
        self.rounds = [number for number, _ in clean]
        self.samples = [sample["ns_per_parameter"] for _, sample in clean]

    @property
    def by_round(self):
        """{round: ns per parameter} of the samples that are kept."""
        return dict(zip(self.rounds, self.samples))

    @property
    def spread(self):
        return mad(self.samples)

    @property
    def seconds(self):
        """Median seconds of one step."""
        return self.time.value * self.n * 1e-9

    @property
    def bandwidth(self):
        """GB/s at the median, by the byte convention."""
        return self.bytes_per_parameter / self.time.value

    @property
    def variant(self):
        return f"{self.kernel}/{self.schedule}"

    @property
    def footprint(self):
        """Bytes that one step touches: every stream once, float32."""
        return 4 * (self.streams + 1) * self.n
