"""C26: more arithmetic, linear time, on made-up cells."""

from types import SimpleNamespace

import pytest

from steplab_study.claims import c26_linear_time as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPEN
from steplab_study.statistics.intervals import Interval


def found(momentum, adam, flops=(5, 12)):
    slopes = {
        o: None if s is None else Interval(s, s - 0.01, s + 0.01, 9)
        for o, s in zip(claim.OPTIMIZERS, (momentum, adam))
    }
    return {"flops": dict(zip(claim.OPTIMIZERS, flops)), "slopes": slopes, "sizes": [10**7, 4 * 10**7]}


@pytest.mark.parametrize(
    "numbers, expected",
    [
        (found(1.0, 1.02), HOLDS),
        (found(1.0, 1.06), ROUGHLY),
        (found(1.0, 1.07), IN_PART),
        (found(1.0, 1.5), IN_PART),
        (found(1.2, 1.5), NO),
        (found(1.0, 1.0, flops=(12, 12)), IN_PART),
        (found(None, 1.0), IN_PART),
        (found(None, None), OPEN),
    ],
)
def test_each_verdict(numbers, expected):
    assert claim.decide(numbers).word == expected


def evidence(sizes, power=1.0, flops=True):
    """Cells of both optimizers whose seconds go with n to a power; 32 MiB of last cache."""
    cells = {
        (o, n): SimpleNamespace(
            n=n,
            samples=[n ** (power - 1) * (1 + 0.001 * k) for k in range(9)],
            footprint=4 * arrays * n,
            flops_per_parameter=flops * operations,
        )
        for o, arrays, operations in (("sgd_momentum", 3, 5), ("adam", 4, 12))
        for n in sizes
    }
    results = SimpleNamespace(
        caches=[{"level": 3, "bytes": 2**25}],
        step_cells=list(cells.values()),
        best=lambda optimizer, n: cells.get((optimizer, n)),
    )
    return SimpleNamespace(benchmarks=results)


LARGE = (2**24, 2**25, 2**26)


def test_the_slope_is_that_of_seconds_a_step_beyond_the_caches():
    numbers = claim.measure(evidence((100, 2**20, *LARGE), power=1.2))
    assert numbers["slopes"]["adam"].value == pytest.approx(1.2, abs=1e-6)
    assert set(numbers["sizes"]) == set(LARGE)
    assert claim.decide(numbers).word == NO
    assert claim.decide(claim.measure(evidence(LARGE))).word == HOLDS


def test_fewer_than_three_sizes_measure_nothing():
    verdict = claim.decide(claim.measure(evidence((2**20, 2**24, 2**25))))
    assert verdict.word == OPEN and "Fewer than 3 sizes" in verdict.text


def test_without_counts_there_is_nothing():
    assert claim.measure(evidence(LARGE, flops=False)) is None


def wide(low, high):
    slope = Interval((low + high) / 2, low, high, 9)
    return {**found(1.0, 1.0), "slopes": dict.fromkeys(claim.OPTIMIZERS, slope)}


def test_half_widths_above_0_05_decide_only_what_they_exclude():
    assert claim.decide(wide(0.94, 1.08)).word == OPEN
    assert claim.decide(wide(1.1, 1.4)).word == NO


CASES = {
    HOLDS: found(1.0, 1.02),
    ROUGHLY: found(1.0, 1.06),
    IN_PART: found(1.0, 1.5),
    NO: found(1.3, 1.5),
    OPEN: found(None, None),
}
