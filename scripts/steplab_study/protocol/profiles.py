"""How much of everything each profile runs: counts, not clocks (study.md of the project fixes the
protocol)."""

from dataclasses import dataclass, replace

from ..errors import UsageError


@dataclass(frozen=True)
class Budget:
    """What the ranking of one problem costs."""

    points: int  # K: tuning points an optimizer
    finalists: int  # points rerun before the choice
    finalist_seeds: int
    target_seeds: int
    test_seeds: int
    rungs: tuple  # horizons of the ladder as shares of T0
    rate_seeds: int  # tuning seeds that choose the rate of a rung
    widenings: int = 1  # how often a space may grow when its best point lies at an edge


@dataclass(frozen=True)
class Problem:
    """A workload at one size with its number of training steps T0, its batch size and its budget."""

    workload: str
    size: str
    steps: int
    batch: int
    budget: Budget
    options: tuple = ()  # (name, value) of the workload
    label: str = ""  # told apart from the same size with other options
    clipped: bool = False  # also an arm with clipped gradients
    timing_steps: int = 60  # of one quiet timing

    @property
    def name(self):
        return f"{self.workload}/{self.size}" + (f" {self.label}" if self.label else "")


@dataclass(frozen=True)
class Profile:
    name: str
    purpose: str
    bench: str  # the --profile of the benchmark programs
    rounds: int  # of bench_step
    min_time: float  # seconds a cell a round
    timing_rounds: int  # quiet timings of a training step
    problems: tuple
    step_filter: str = ""  # passed on as --benchmark_filter when not empty
    memory_filter: str = ""


VALLEY = (("kappa", 100), ("noise", 0.01), ("rotated", 1))  # no axis of the valley is a coordinate's
_HEAVY, _BALANCED = (("heavy_tailed", 1),), (("heavy_tailed", 0),)


def _valleys(steps, small, middle, large):
    budgets = {"small": small, "medium": middle, "large": large}
    return tuple(
        Problem("quadratic", size, steps, 8, budget, VALLEY, timing_steps=steps)
        for size, budget in budgets.items()
    )


_TINY = Budget(2, 1, 1, 1, 2, (0.5, 1), 1, widenings=0)
_SMOKE = Profile(
    name="smoke",
    purpose="a few seconds: shows that the chain works, measures nothing",
    bench="quick",
    rounds=1,
    min_time=0.001,
    timing_rounds=1,
    problems=(Problem("quadratic", "small", 40, 8, _TINY, VALLEY, timing_steps=40),),
    step_filter=r"/(xsimd|scalar)[^/]*/serial/n:[0-9]{1,5}/|^(ceiling|limit|baseline)/.*n:[0-9]{1,5}(/|$)",
    memory_filter=r"n:[0-9]{1,6}(/|$)",
)

# Seeds are cheap on small sizes: with 20 instead of 3 an interval of steps is five times narrower. Of eight,
# the fewest, signed ranks exclude something at 99 %.
_SMALL_SEEDS, _OTHER_SEEDS = 20, 8

_SHORT = Budget(8, 2, 2, 2, _OTHER_SEEDS, (1,), 1)
_SHORT_SMALL = replace(_SHORT, test_seeds=_SMALL_SEEDS)
_QUICK = Profile(
    name="quick",
    purpose="some minutes on 2 cores",
    bench="quick",
    rounds=9,
    min_time=0.01,
    timing_rounds=5,
    problems=(
        *_valleys(400, _SHORT_SMALL, _SHORT, _SHORT),
        Problem("rosenbrock", "small", 1000, 1, _SHORT_SMALL, timing_steps=1000),
        Problem("logistic", "small", 300, 64, _SHORT_SMALL),
        Problem("mlp", "small", 400, 64, _SHORT_SMALL),
        Problem("mlp", "medium", 300, 64, _SHORT),
        Problem("transformer", "medium", 150, 16, _SHORT, timing_steps=30),
    ),
)

_MIDDLE = Budget(16, 3, 3, 3, _OTHER_SEEDS, (0.25, 0.5, 1, 2), 1)
_SMALL = replace(_MIDDLE, test_seeds=_SMALL_SEEDS, rungs=(0.25, 0.5, 1))
_LARGE = Budget(8, 2, 2, 2, _OTHER_SEEDS, (0.25, 0.5, 1), 1)


def _measured(small, middle, large, scale):
    """The problems of the larger profiles; `scale` multiplies the horizons T0."""

    def steps(count):
        return round(count * scale)

    return (
        *_valleys(steps(1000), small, middle, large),
        Problem("rosenbrock", "small", steps(2000), 1, small, timing_steps=2000),
        Problem("logistic", "small", steps(1000), 64, replace(small, rungs=middle.rungs), timing_steps=200),
        Problem("softmax", "small", steps(600), 256, small, _HEAVY, "heavy-tailed", timing_steps=400),
        Problem("softmax", "medium", steps(600), 256, middle, _HEAVY, "heavy-tailed", timing_steps=400),
        Problem("softmax", "large", steps(600), 256, large, _HEAVY, "heavy-tailed", timing_steps=200),
        Problem("softmax", "medium", steps(600), 256, middle, _BALANCED, "balanced", timing_steps=400),
        Problem("mlp", "small", steps(1000), 64, small, timing_steps=200),
        Problem("mlp", "medium", steps(1000), 64, middle, clipped=True),
        Problem("mlp", "large", steps(800), 64, large),
        Problem("cnn", "small", steps(800), 64, small),
        Problem("cnn", "medium", steps(800), 64, middle),
        Problem("cnn", "large", steps(600), 64, large),
        Problem("transformer", "small", steps(500), 16, small),
        Problem("transformer", "medium", steps(500), 16, middle, clipped=True),
        Problem("transformer", "large", steps(300), 16, large, timing_steps=30),
    )


_STANDARD = Profile(
    name="standard",
    purpose="about an hour and a half",
    bench="standard",
    rounds=9,
    min_time=0.02,
    timing_rounds=9,
    problems=_measured(_SMALL, _MIDDLE, _LARGE, 1),
)

_LONG = Budget(64, 3, 5, 5, 10, (0.125, 0.25, 0.5, 1, 2), 3)
_FULL = Profile(
    name="full",
    purpose="a night",
    bench="full",
    rounds=15,
    min_time=0.1,
    timing_rounds=15,
    problems=(
        *_measured(replace(_LONG, test_seeds=_SMALL_SEEDS), _LONG, _LONG, 2),
        Problem("transformer", "xlarge", 600, 16, _LARGE, timing_steps=20),
        Problem("transformer", "xxlarge", 600, 16, _LARGE, timing_steps=10),
    ),
)
PROFILES = {p.name: p for p in (_SMOKE, _QUICK, _STANDARD, _FULL)}


def profile_named(name):
    if name not in PROFILES:
        raise UsageError(f"unknown profile '{name}'; known profiles: {', '.join(PROFILES)}")
    return PROFILES[name]
