"""Which limit a cell is held against."""

import pytest

from steplab_study.evidence import opened


@pytest.fixture(scope="module")
def results(complete):
    with opened(complete) as evidence:
        yield evidence.benchmarks


def test_a_share_is_of_the_tighter_limit_and_division_scales_with_the_threads_that_run(results):
    names = set()
    for cell in results.step_cells:
        share, name = results.share(cell)
        bandwidth = results.ceiling(cell).time.value
        limit = results.limit(cell)
        division = limit.time.value / cell.threads if limit else 0.0
        assert share.value == pytest.approx(max(bandwidth, division) / cell.time.value)
        assert name == ("bandwidth" if bandwidth >= division else "division and square root")
        names.add((name, cell.threads > 1))
    assert ("bandwidth", True) in names and ("division and square root", False) in names


def test_cold_cells_and_doubles_are_no_step_cells_and_stand_beside_the_warm_one(results):
    assert all(not cell.rest for cell in results.step_cells)
    ((cold, warm),) = results.cold_pairs()
    assert cold.id == warm.id + "/cold" and cold.time.value > warm.time.value


def test_drift_timings_are_kept_by_round_and_are_no_cells(results):
    (stream,) = {stream for stream, _ in results.drift_timings}
    assert stream == "2rw1r/serial/n:1024/threads:1"
    assert all(len(rounds) == results.rounds for rounds in results.drift_timings.values())
    assert not any(name.startswith("drift") for name in (*results.steps, *results.ceilings))
    assert results.drift().size < 0.05


def test_a_result_knows_what_its_program_was_built_with(results):
    assert results.context["flags of xsimd_avx2.cpp"] == "-mavx2"
