"""Drift of bare streams within rounds and over the run."""

import pytest

from steplab_study.benchmarks.drift import drifts

ROUNDS = range(9)


def timings(stream, start, end):
    return {(stream, "start"): dict(zip(ROUNDS, start)), (stream, "end"): dict(zip(ROUNDS, end))}


def test_a_steady_machine_does_not_drift():
    (found,) = drifts(timings("a", [1.0] * 9, [1.0] * 9))
    assert found.size == 0


def test_a_machine_that_heats_up_in_each_round_drifts_within():
    (found,) = drifts(timings("a", [1.0] * 9, [1.1] * 9))
    assert found.within == pytest.approx(0.1) and found.over == 0


def test_a_machine_that_slows_down_from_round_to_round_drifts_over_the_run():
    slower = [1 + 0.01 * r for r in ROUNDS]
    (found,) = drifts(timings("a", slower, slower))
    assert found.within == 0 and found.over == pytest.approx(1.07 / 1.01 - 1)


def test_one_disturbed_round_is_no_drift():
    (found,) = drifts(timings("a", [1.0] * 9, [1.0] * 8 + [3.0]))
    assert found.size == 0


def test_speeding_up_is_drift_and_the_largest_stream_comes_first():
    found = drifts({**timings("calm", [1.0] * 9, [1.01] * 9), **timings("fast", [1.0] * 9, [0.8] * 9)})
    assert [d.stream for d in found] == ["fast", "calm"] and found[0].size == pytest.approx(0.2)


def test_a_round_without_its_end_does_not_count():
    found = drifts({("a", "start"): {0: 1.0, 1: 5.0}, ("a", "end"): {0: 1.2}})
    assert found[0].within == pytest.approx(0.2)
    assert drifts({("a", "start"): {0: 1.0}}) == []
