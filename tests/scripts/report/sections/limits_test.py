"""What the report says about disturbance, noise and drift follows from the samples."""

import pytest

from steplab_study.benchmarks.drift import Drift
from steplab_study.evidence import opened
from steplab_study.report.sections import limits


@pytest.fixture(scope="module")
def results(complete):
    with opened(complete) as evidence:
        yield evidence.benchmarks


def test_drift_beyond_what_the_run_can_tell_marks_it():
    drift = Drift("2rw1r/serial/n:1024/threads:1", 0.04, -0.01)
    assert limits._drift(drift, floor=0.05).startswith("Bare streams")
    marked = limits._drift(drift, floor=0.03)
    assert (
        marked.startswith("**This run drifted.**") and "by +4 % within" in marked and "by -1 % from" in marked
    )


def test_the_rate_of_false_positives_is_stated(results):
    told = limits._noise(results, results.smallest_difference())
    found = results.false_positives()
    assert f"rule called {found.claimed} different" in told
    assert ("within the 5 % aimed at" in told) == found.acceptable


def test_dropped_samples_are_counted_by_cause_and_round(results):
    results.polluted = [(0, "page faults"), (0, "page faults"), (3, "stolen time")]
    told = limits._pollution(results)
    assert "3 were dropped as disturbed (page faults 2 and stolen time 1; 0 to 2 a round)" in told
    results.polluted = []
    assert "0 were dropped as disturbed;" in limits._pollution(results)
