"""How much of everything each profile runs: counts, not clocks (study.md of the project fixes the
protocol)."""

from dataclasses import dataclass

from .errors import UsageError

PARTS = ("step", "memory", "convergence")


@dataclass(frozen=True)
class Problem:
    """A workload at one size with its number of training steps T and its batch size."""

    workload: str
    size: str
    steps: int
    batch: int
    timing_steps: int  # of one quiet timing
    options: tuple = ()  # "key=value" of the workload

    @property
    def name(self):
        return f"{self.workload}/{self.size}"


@dataclass(frozen=True)
class Profile:
    name: str
    purpose: str
    bench: str  # the --profile of the benchmark programs
    rounds: int  # of bench_step
    min_time: float  # seconds a cell a round
    points: int  # K: tuning points an optimizer
    finalists: int  # points rerun before the choice
    finalist_seeds: int
    target_seeds: int
    test_seeds: int
    widenings: int  # how often a space may grow when its best point lies at an edge
    timing_rounds: int  # quiet timings a trial
    problems: tuple
    step_filter: str = ""  # passed on as --benchmark_filter when not empty
    memory_filter: str = ""


SIZES = ("small", "medium", "large")
VALLEY = (
    "kappa=100",
    "noise=0.01",
    "rotated=1",
)  # of the quadratics: no axis of the valley is a coordinate's


def _problems(quadratic_steps, mlp_steps, mlp_timing_steps):
    """Both workloads in three sizes; `mlp_steps` has one count a size. Steps of a quadratic are short: all
    are timed."""
    valleys = [Problem("quadratic", size, quadratic_steps, 8, quadratic_steps, VALLEY) for size in SIZES]
    return (*valleys, *(Problem("mlp", s, steps, 64, mlp_timing_steps) for s, steps in zip(SIZES, mlp_steps)))


_SMOKE = Profile(
    name="smoke",
    purpose="a few seconds: shows that the chain works, measures nothing",
    bench="quick",
    rounds=1,
    min_time=0.001,
    points=2,
    finalists=1,
    finalist_seeds=1,
    target_seeds=1,
    test_seeds=2,
    widenings=0,
    timing_rounds=1,
    problems=(Problem("quadratic", "small", 40, 8, 40, VALLEY),),
    step_filter=r"/(xsimd|scalar)[^/]*/serial/n:[0-9]{1,5}/",
    memory_filter=r"n:[0-9]{1,6}(/|$)",
)
_QUICK = Profile(
    name="quick",
    purpose="some minutes on 2 cores",
    bench="quick",
    rounds=9,
    min_time=0.01,
    points=8,
    finalists=2,
    finalist_seeds=2,
    target_seeds=2,
    test_seeds=3,
    widenings=1,
    timing_rounds=3,
    problems=_problems(400, (400, 400, 300), 60),
)
_STANDARD = Profile(
    name="standard",
    purpose="about an hour",
    bench="standard",
    rounds=9,
    min_time=0.05,
    points=16,
    finalists=3,
    finalist_seeds=3,
    target_seeds=3,
    test_seeds=6,
    widenings=1,
    timing_rounds=9,
    problems=_problems(1000, (1500, 1500, 1200), 200),
)
_FULL = Profile(
    name="full",
    purpose="a night",
    bench="full",
    rounds=15,
    min_time=0.1,
    points=64,
    finalists=3,
    finalist_seeds=5,
    target_seeds=5,
    test_seeds=10,
    widenings=1,
    timing_rounds=15,
    problems=_problems(2000, (4000, 4000, 4000), 400),
)
PROFILES = {p.name: p for p in (_SMOKE, _QUICK, _STANDARD, _FULL)}


def profile_named(name):
    if name not in PROFILES:
        raise UsageError(f"unknown profile '{name}'; known profiles: {', '.join(PROFILES)}")
    return PROFILES[name]


def parts_named(text):
    """The parts of a comma-separated list, in the study's own order."""
    asked = [word.strip() for word in text.split(",")]
    for word in asked:
        if word not in PARTS:
            raise UsageError(f"unknown part '{word}' in --only; known parts: {', '.join(PARTS)}")
    return tuple(part for part in PARTS if part in asked)
