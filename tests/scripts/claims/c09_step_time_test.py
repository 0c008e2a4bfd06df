"""C09: 1.2 times an SGD step, on made-up ratios and cells."""

import math
from types import SimpleNamespace

import pytest

from steplab_study.claims import c09_step_time as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPPOSITE, OPEN
from steplab_study.statistics.intervals import Interval


def ratios(*values):
    """Of a pair a wide interval is made."""
    intervals = [
        Interval(sum(v) / 2, *v, 9) if isinstance(v, tuple) else Interval(v, v * 0.995, v * 1.005, 9)
        for v in values
    ]
    return {"sgd": {f"n{i}": found for i, found in enumerate(intervals)}, "sgd_momentum": {}}


def found(optimizer, whole=()):
    return {"optimizer": ratios(*optimizer), "whole": ratios(*whole)}


@pytest.mark.parametrize(
    "optimizer, whole, expected",
    [
        ((1.2, 1.15, 2.0), (), HOLDS),
        ((2.0, 2.1, 2.2), (1.2, 1.25), IN_PART),
        ((2.0, 2.1, 2.2), (1.0, 1.02, 1.2), NO),
        ((1.2, 1.31, 1.31), (1.01,), ROUGHLY),
        ((1.2, 1.2, 2.1, 0.9), (), IN_PART),
    ],
)
def test_each_verdict(optimizer, whole, expected):
    assert claim.decide(found(optimizer, whole)).word == expected


def test_wide_intervals_measure_nothing_where_they_overlap_the_range():
    verdict = claim.decide(found(((0.8, 1.6), (0.8, 1.6))))
    assert verdict.word == OPEN and verdict.why == "the interval is too wide"


def test_wide_intervals_wholly_outside_the_range_are_excluded():
    assert claim.decide(found([(1.5, 3.0)] * 50 + [1.2] * 10)).word == NO
    assert claim.decide(found([(2.1, math.inf)] * 3)).word == NO


def cell(optimizer, n, threads, nanoseconds, running=None):
    samples = [nanoseconds * (1 + 0.001 * k) for k in range(9)]
    return SimpleNamespace(
        optimizer=optimizer, n=n, threads=threads, samples=samples, threads_running=running or threads
    )


def evidence(cells, times=None):
    def best(optimizer, n, threads):
        return next((c for c in cells if (c.optimizer, c.n, c.threads) == (optimizer, n, threads)), None)

    results = SimpleNamespace(step_cells=cells, best=best)
    results.level_of, results.smallest_difference = lambda cell: "L1", lambda level: 0.1
    return SimpleNamespace(benchmarks=results, outcomes={"step_times": times}.get)


def test_cells_are_compared_where_their_threads_ran_and_toys_are_left_out():
    cells = [cell(o, n, 1, 2.4 if o == "adam" else 2.0) for o in ("sgd", "adam") for n in (100, 10**6)]
    cells += [cell(o, 100, 2, 9.0, running=1) for o in ("sgd", "adam")]
    step = {"step": [1.0, 1.01, 0.99]}
    times = {p: {"sgd": step, "adam": {"step": [1.2, 1.21, 1.19]}} for p in ("mlp/small", "quadratic/small")}
    numbers = claim.measure(evidence(cells, times))
    assert [round(r.value, 6) for r in numbers["optimizer"]["sgd"].values()] == [1.2, 1.2]
    assert len(numbers["whole"]["sgd"]) == 1
    verdict = claim.decide(numbers)
    assert verdict.word == HOLDS and "2 of 2 within 1.1 to 1.3" in verdict.text


def test_without_cells_there_is_nothing():
    assert claim.measure(evidence([])) is None


def test_an_exact_ratio_holds_although_the_machine_tells_less():
    cells = [cell(o, n, 1, 2.4 if o == "adam" else 2.0) for o in ("sgd", "adam") for n in (100, 10**4, 10**6)]
    for some in cells:
        some.samples = [some.samples[0]] * 9
    given = evidence(cells)
    assert given.benchmarks.smallest_difference("L1") == 0.1  # as wide as the claim's range
    assert claim.decide(claim.measure(given)).word == HOLDS


CASES = {
    HOLDS: found((1.2, 1.2, 1.2)),
    ROUGHLY: found((1.33, 1.33, 1.33)),
    IN_PART: found((2.0, 2.0, 2.0), (1.2, 1.2)),
    NO: found((2.0, 2.0, 3.0), (1.02, 1.02)),
    OPPOSITE: found((0.8, 0.8, 0.8)),
    OPEN: found(((0.8, 1.6), (1.0, 1.6)), (0.9,)),
}
SPREAD = found(((0.8, 1.6), (1.0, 1.8)), (0.9, 1.1))
