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
    batch: int = 64

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
    timing_steps: int
    problems: tuple
    step_filter: str = ""  # passed on as --benchmark_filter when not empty
    memory_filter: str = ""


def _problems(quadratic_steps, mlp_steps):
    sizes = ("small", "medium", "large")
    return tuple(Problem("quadratic", size, quadratic_steps) for size in sizes) + tuple(
        Problem("mlp", size, steps) for size, steps in zip(sizes, mlp_steps)
    )


PROFILES = {
    p.name: p
    for p in (
        Profile(
            "smoke",
            "a few seconds: shows that the chain works, measures nothing",
            "quick",
            1,
            0.001,
            2,
            1,
            1,
            1,
            2,
            0,
            1,
            20,
            (Problem("quadratic", "small", 40),),
            r"/(xsimd|scalar)[^/]*/serial/n:[0-9]{1,5}/",
            r"n:[0-9]{1,6}(/|$)",
        ),
        Profile(
            "quick",
            "some minutes on 2 cores",
            "quick",
            9,
            0.01,
            8,
            2,
            2,
            2,
            3,
            1,
            3,
            60,
            _problems(400, (400, 400, 300)),
        ),
        Profile(
            "standard",
            "about an hour",
            "standard",
            9,
            0.05,
            16,
            3,
            3,
            3,
            6,
            1,
            9,
            200,
            _problems(1000, (1500, 1500, 1200)),
        ),
        Profile(
            "full",
            "a night",
            "full",
            15,
            0.1,
            64,
            3,
            5,
            5,
            10,
            1,
            15,
            400,
            _problems(2000, (4000, 4000, 4000)),
        ),
    )
}


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
