"""C09: 1.2 times an SGD step, on made-up ratios and cells."""

from types import SimpleNamespace

import pytest

from steplab_study.claims import c09_step_time as claim
from steplab_study.claims.verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED
from steplab_study.statistics.intervals import Interval


def ratios(*values):
    return {"sgd": [Interval(v, v * 0.995, v * 1.005, 9) for v in values], "sgd_momentum": []}


@pytest.mark.parametrize(
    "optimizer, whole, expected",
    [
        ((1.2, 1.15, 2.0), (), SUPPORTED),
        ((2.0, 2.1, 2.2), (1.2, 1.25), IMPRECISE),
        ((2.0, 2.1, 2.2), (1.0, 1.02, 1.2), CONTRADICTED),
        ((1.2, 1.31, 1.31), (1.01,), NOT_SUPPORTED),
    ],
)
def test_each_verdict(optimizer, whole, expected):
    assert claim.decide({"optimizer": ratios(*optimizer), "whole": ratios(*whole)}).word == expected


def test_intervals_wider_than_twice_the_range_measure_nothing():
    wide = {"sgd": [Interval(1.2, 0.8, 1.6, 3)], "sgd_momentum": []}
    assert claim.decide({"optimizer": wide, "whole": ratios(1.2)}).word == NOT_MEASURED


def cell(optimizer, n, threads, nanoseconds, running=None):
    samples = [nanoseconds * (1 + 0.001 * k) for k in range(9)]
    return SimpleNamespace(
        optimizer=optimizer, n=n, threads=threads, samples=samples, threads_running=running or threads
    )


def evidence(cells, times=None):
    def best(optimizer, n, threads):
        return next((c for c in cells if (c.optimizer, c.n, c.threads) == (optimizer, n, threads)), None)

    results = SimpleNamespace(step_cells=cells, best=best)
    results.level_of, results.smallest_difference = lambda cell: "L1", lambda level: 0.01
    return SimpleNamespace(benchmarks=results, outcomes={"step_times": times}.get)


def test_cells_are_compared_where_their_threads_ran_and_toys_are_left_out():
    cells = [cell(o, n, 1, 2.4 if o == "adam" else 2.0) for o in ("sgd", "adam") for n in (100, 10**6)]
    cells += [cell(o, 100, 2, 9.0, running=1) for o in ("sgd", "adam")]
    step = {"step": [1.0, 1.01, 0.99]}
    times = {p: {"sgd": step, "adam": {"step": [1.2, 1.21, 1.19]}} for p in ("mlp/small", "quadratic/small")}
    numbers = claim.measure(evidence(cells, times))
    assert [round(r.value, 6) for r in numbers["optimizer"]["sgd"]] == [1.2, 1.2]
    assert len(numbers["whole"]["sgd"]) == 1
    verdict = claim.decide(numbers)
    assert verdict.word == SUPPORTED and "2 of 2 within 1.1 to 1.3" in verdict.text


def test_without_cells_there_is_nothing():
    assert claim.measure(evidence([])) is None
