"""A disturbed sample is told from a clean one, and dropped where enough others are left."""

import pytest

from steplab_study.benchmarks.disturbed import disturbance, split, usual_share

CLEAN = {"threads_running": 1, "cpu_share": 1.0, "page_faults": 0, "voluntary_switches": 0}


@pytest.mark.parametrize(
    "found, what",
    [
        ({}, None),
        ({"cpu_share": 0.96}, None),
        ({"cpu_share": 0.94}, "lost processor time"),
        ({"page_faults": 1}, "page faults"),
        ({"involuntary_switches": 2}, None),
        ({"involuntary_switches": 3}, "switched out"),
        ({"voluntary_switches": 1}, "slept"),
        ({"steal_seconds": 0.01}, "stolen time"),
    ],
)
def test_one_thread_keeps_its_processor_never_waits_and_touches_no_fresh_page(found, what):
    assert disturbance({**CLEAN, **found}) == what


@pytest.mark.parametrize(
    "found, what",
    [
        ({"involuntary_switches": 8, "voluntary_switches": 100}, None),
        ({"page_faults": 1}, "page faults"),
        ({"cpu_share": 0.86}, None),
        ({"cpu_share": 0.84}, "lost processor time"),
    ],
)
def test_several_threads_may_wait_and_are_held_against_the_usual_share_of_their_cell(found, what):
    assert disturbance({"threads_running": 2, "cpu_share": 0.9, **found}, usual=0.9) == what


@pytest.mark.parametrize(
    "sample, what",
    [
        ({"real_time": 100, "cpu_time": 99, "threads": 1}, None),
        ({"real_time": 100, "cpu_time": 90, "threads": 1}, "lost processor time"),
        ({"real_time": 100, "cpu_time": 99, "threads": 2, "threads_running": 1}, None),
        ({"ns_per_parameter": 1.0}, None),
    ],
)
def test_results_without_a_share_are_read_by_their_times(sample, what):
    assert disturbance(sample) == what


def test_the_usual_share_is_what_most_samples_of_the_cell_got():
    assert usual_share([{"threads_running": 2, "cpu_share": s} for s in (0.5, 0.9, 0.9)]) == 0.9


def _taken(clean, faulty):
    return [(r, CLEAN if r < clean else {**CLEAN, "page_faults": 2}) for r in range(clean + faulty)]


def test_disturbed_samples_are_dropped_with_their_round_and_cause():
    clean, dropped, suspected = split(_taken(5, 4))
    assert [r for r, _ in clean] == [0, 1, 2, 3, 4]
    assert dropped == [(r, "page faults") for r in (5, 6, 7, 8)] and suspected == []


def test_a_cell_that_would_lose_more_than_half_keeps_all_and_says_so():
    clean, dropped, suspected = split(_taken(4, 5))
    assert len(clean) == 9 and dropped == []
    assert suspected == [(r, "page faults") for r in (4, 5, 6, 7, 8)]
