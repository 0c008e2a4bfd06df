"""The benchmarks of a store read back as numbers: what figures, sections and claims use of them.

Times are nanoseconds, sizes bytes or parameters, intervals 95 %. A part that was not run is empty, never
guessed.
"""

import re

from ..statistics.intervals import ratio_of_medians
from . import aa_floor, drift
from .cell import BASELINE, CEILING, CROSSOVER, EXTRAS, LEVELS, LIMIT, STEP, Cell

FEWEST_PAIRS = 3  # A/A pairs of a cache level that tell its own smallest difference
_MEMORY = re.compile(r"memory/(?P<optimizer>[^/]+)(?:/(?P<form>[^/]+))?/n:(?P<n>\d+)")


class BenchmarkResults:
    """Everything that the benchmark programs measured, and the machine."""

    def __init__(self, store):
        runs = store.runs()
        self.runs = runs
        self.machine = runs[-1]["machine"] if runs else {}
        self.profile = runs[-1]["profile"] if runs else "none"
        self.taken = self.suspected = 0  # samples of cells; the polluted ones among them that were kept
        self.polluted = []  # (round, what disturbed it) of those that were left out
        self.drift_timings, self.page_bytes = {}, []  # page_bytes: (anonymous, in huge pages) of large cells
        self.steps, self.crossovers, self.baselines, self.extras = {}, {}, {}, {}
        self.ceilings, self.limits = {}, {}
        self._load_cells(store)
        self.memory_rows = rows = self._load_memory(store)  # of every form
        self.memory = [row for row in rows if row["form"] == "fused"]
        self.temporaries = [row for row in rows if row["form"] == "temporaries"]

    # ---- step ----------------------------------------------------------------------------------------
    def _load_cells(self, store):
        latest = store.latest_batches("bench_step")
        self.batch = latest[-1]["key"] if latest else None
        self.rounds, self.health = len(latest), [b["health"] for b in latest]
        for number, name, sample in store.cells(latest[-1]["key"]) if latest else []:
            self._add_sample(name, sample, number)
        for table in (
            *(self.steps, self.crossovers, self.baselines, self.extras),
            *(self.ceilings, self.limits),
        ):
            for cell in table.values():
                cell.settle()
                self.taken += len(cell.taken)
                self.polluted += cell.polluted
                self.suspected += len(cell.suspected)
            self._drop_failed(table)

    def _drop_failed(self, table):
        for name in [n for n, cell in table.items() if not cell.samples]:
            self.failed[name] = table.pop(name).errors[0]

    @property
    def failed(self):
        """{cell id: error} of cells without a number, such as one that is not verified."""
        return self.__dict__.setdefault("_failed", {})

    def _add_sample(self, name, sample, number):
        stream = drift.ID.match(name)
        if stream:
            timings = self.drift_timings.setdefault((stream["stream"], stream["when"]), {})
            timings[number] = sample["ns_per_parameter"]
            return
        for pattern, table in (
            (STEP, self.steps),
            (CROSSOVER, self.crossovers),
            (CEILING, self.ceilings),
            (LIMIT, self.limits),
            (BASELINE, self.baselines),
            (EXTRAS, self.extras),
        ):
            match = pattern.match(name)
            if match is None:
                continue
            cell = table.get(name)
            if cell is None:
                words = match.groupdict()
                streams = int(words.pop("k", 0) or 0)
                numbers = {k: int(words.pop(k)) for k in ("n", "tensors", "threads") if k in words}
                cell = table[name] = Cell(name, streams=streams, **numbers, **words)
            if "error" in sample:
                cell.errors.append(sample["error"])
            elif sample.get("ns_per_parameter"):
                cell.taken.append((number, sample))
                if sample.get("anonymous_bytes"):
                    self.page_bytes.append((sample["anonymous_bytes"], sample["huge_page_bytes"]))
                cell.counters = sample
                cell.bytes_per_parameter = sample.get("bytes_per_parameter", 0.0)
                cell.fetched_bytes_per_parameter = sample.get("fetched_bytes_per_parameter", 0.0)
                cell.flops_per_parameter = sample.get("flops_per_parameter", 0.0)
                cell.threads_running = int(sample.get("threads_running", 1))
                cell.streams = cell.streams or round((cell.bytes_per_parameter / 4 - 1) / 2)
            return

    @property
    def step_cells(self):
        """Cells of one flat tensor under plain conditions: nothing special follows in their ids."""
        found = [c for c in self.steps.values() if c.tensors == 1 and not c.rest]
        return sorted(found, key=order)

    @property
    def optimizers(self):
        return list(dict.fromkeys(c.optimizer for c in self.step_cells))

    def best(self, optimizer, n, threads=1):
        """The cell of one flat tensor with the kernel that this machine picks; the fastest xsimd one
        otherwise."""
        found = [
            c
            for c in self.step_cells
            if c.optimizer == optimizer and c.n == n and c.threads == threads and c.kernel.startswith("xsimd")
        ]
        picked = self.machine.get("kernel_selected")
        return min(found, key=lambda c: (c.kernel != picked, c.time.value), default=None)

    def ceiling(self, cell):
        """The ceiling of the same shape, size, schedule and threads; None when it was not measured."""
        wanted = (cell.streams, cell.n, cell.schedule, cell.threads)
        for c in self.ceilings.values():
            if (c.streams, c.n, c.schedule, c.threads) == wanted:
                return c
        return None

    def limit(self, cell):
        """The division-and-square-root limit of the cell's optimizer on one thread; None when it has
        none."""
        found = [c for c in self.limits.values() if c.optimizer == cell.optimizer]
        return min(found, key=lambda c: c.time.value, default=None)

    def share(self, cell):
        """(share, name): time of the tighter limit ÷ measured time, an interval; (None, "") without a
        ceiling."""
        ceiling, limit = self.ceiling(cell), self.limit(cell)
        if ceiling is None:
            return None, ""
        if limit is not None and limit.time.value / cell.threads_running > ceiling.time.value:
            shared = [sample / cell.threads_running for sample in limit.samples]
            return ratio_of_medians(shared, cell.samples), "division and square root"
        return ratio_of_medians(ceiling.samples, cell.samples), "bandwidth"

    def by_level(self):
        """{level: {optimizer: cells of one size}}: per cache level the size that most variants were timed
        at."""
        found = {}
        for optimizer in self.optimizers:
            sizes = {}
            for cell in (c for c in self.step_cells if c.optimizer == optimizer):
                sizes.setdefault((self.level_of(cell, 1), cell.n), []).append(cell)
            for level in LEVELS:
                mine = [(len(cells), n) for (where, n), cells in sizes.items() if where == level]
                if mine:
                    found.setdefault(level, {})[optimizer] = sizes[level, max(mine)[1]]
        return {level: found[level] for level in LEVELS if level in found}

    def level_of(self, cell, threads=None):
        """Where the bytes of a step lie: 'L1', 'L2', 'L3' or 'memory'; private caches count once a
        thread."""
        for cache in self.caches:
            shared = 1 if cache["level"] >= 3 else threads or cell.threads
            if cell.footprint <= cache["bytes"] * shared:
                return f"L{cache['level']}"
        return "memory"

    @property
    def caches(self):
        return sorted(self.machine.get("caches", []), key=lambda c: c["level"])

    def smallest_difference(self, level=None):
        """Relative difference that this run can tell, of cells in one cache level or in any: from cells timed
        under two names, else from halves of rounds. A level with few such pairs takes that of all."""
        cells = list(self.steps.values())
        there = [c for c in cells if level is not None and self.level_of(c) == level]
        return aa_floor.smallest_difference(there if len(aa_floor.twins(there)) >= FEWEST_PAIRS else cells)

    def false_positives(self):
        """How often the study's rule claims a difference of a cell from itself; None when nothing
        tells."""
        return aa_floor.false_positives(list(self.steps.values()), list(self.ceilings.values()))

    @property
    def context(self):
        """What the benchmark program said of its build and machine; {} where it was not kept."""
        return next((h["context"] for h in reversed(self.health) if "context" in h), {})

    def drift(self):
        """Drift of the bare stream that changed most between start and end; None where none was timed."""
        return next(iter(drift.drifts(self.drift_timings)), None)

    def cold_pairs(self):
        """[(cold cell, the same warm)], in the order of the text."""
        cold = [c for c in self.steps.values() if c.rest == "/cold"]
        pairs = [(c, self.steps.get(c.id.removesuffix("/cold"))) for c in sorted(cold, key=order)]
        return [(c, warm) for c, warm in pairs if warm is not None]

    # ---- memory --------------------------------------------------------------------------------------
    @staticmethod
    def _load_memory(store):
        batches = store.latest_batches("bench_memory")
        rows = []
        for name, sample in store.memory(batches[-1]["key"]) if batches else []:
            match = _MEMORY.match(name)
            if match and "error" not in sample:
                form = match["form"] or "fused"
                rows.append({"optimizer": match["optimizer"], "form": form, "n": int(match["n"]), **sample})
        return sorted(rows, key=lambda row: (_optimizer_rank(row["optimizer"]), row["n"]))


KERNELS = ("scalar", "autovec", "xsimd-sse2", "xsimd-avx2", "xsimd-avx512", "xsimd-neon64")
OPTIMIZERS = ("sgd", "sgd_momentum", "adam", "adamw", "adam_amsgrad")


def _optimizer_rank(name):
    return OPTIMIZERS.index(name) if name in OPTIMIZERS else len(OPTIMIZERS)


def order(cell):
    """Optimizers and kernels in the order of text and legends, not in that of the shuffled run; new ones
    last."""
    kernel = next((i for i, k in enumerate(KERNELS) if cell.kernel.startswith(k)), len(KERNELS))
    return (
        _optimizer_rank(cell.optimizer),
        kernel,
        cell.schedule,
        cell.threads,
        cell.n,
        cell.optimizer,
        cell.kernel,
    )
