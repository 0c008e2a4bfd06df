"""Which limit a cell is held against."""

import pytest

from steplab_study.evidence import opened


@pytest.fixture(scope="module")
def results(complete):
    with opened(complete) as evidence:
        yield evidence.results


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
