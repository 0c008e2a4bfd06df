"""Steps from crossings and from the ladder, and what may be called separated."""

import math

import pytest

from steplab_study.rankings.arm import horizon_steps
from steplab_study.rankings.ranking import Ranking


def rung(horizon, *finals):
    return {"horizon": horizon, "rate_factor": 1.0, "finals": list(finals)}


def test_the_ladder_interpolates_between_the_rungs_around_the_target():
    rungs = [rung(100, 4.0), rung(400, 1.0)]
    assert horizon_steps(rungs, 0, 2.0) == pytest.approx(200)
    assert horizon_steps(rungs, 0, 1.0) == pytest.approx(400)


def test_the_ladder_never_extrapolates():
    rungs = [rung(100, 4.0), rung(400, 1.0)]
    assert horizon_steps(rungs, 0, 0.9) == math.inf
    assert horizon_steps(rungs, 0, 5.0) == 0.0


def test_a_diverged_shorter_rung_leaves_the_longer_horizon():
    assert horizon_steps([rung(100, math.inf), rung(400, 1.0)], 0, 2.0) == 400


def arm(crossings, finals=(0.5, 0.5, 0.5), spread=1.0, rungs=()):
    """An arm whose seeds cross 1.0 at the given steps; search points cross at `spread` apart."""
    search = [
        {"point": {}, "loss": 0.5 + 0.001 * i, "curve": crossing(round(100 * spread**i))} for i in range(8)
    ]
    return {
        "choice": {},
        "search": search,
        "curves": [crossing(step) for step in crossings],
        "finals": list(finals),
        "diverged": 0,
        "accuracies": [],
        "grid": 1,
        "rungs": list(rungs),
    }


def crossing(step):
    return [(0, 2.0), (step - 1, 1.5), (step, 0.9), (step + 1, 0.9), (1000, 0.9)]


def ranking(top, bottom, schedule="constant", times=None):
    data = {
        "problem": "mlp/small",
        "workload": "mlp",
        "size": "small",
        "parameters": 10,
        "steps": 1000,
        "batch": 64,
        "schedule": schedule,
        "clip_norm": None,
        "target": {"loss": 1.0, "looser": {"50 %": 1.5}},
        "arms": {"adam": top, "sgd_momentum": bottom},
    }
    return Ranking(data, times or {})


PAIR = ("adam", "sgd_momentum")


def test_half_the_steps_are_fewer_when_neither_seeds_nor_search_blur_them():
    found = ranking(arm([100, 101, 99]), arm([200, 202, 198]))
    assert found.steps_ratio(*PAIR).value == pytest.approx(0.5, rel=1e-3)
    assert found.separated(*PAIR) == "fewer"
    assert ranking(arm([200, 202, 198]), arm([100, 101, 99])).separated(*PAIR) == "more"


def test_a_gap_inside_the_luck_of_the_search_is_not_separated():
    found = ranking(arm([100, 101, 99], spread=3.0), arm([200, 202, 198]))
    assert found.luck_of_tuning(*PAIR) > math.log(2)
    assert found.separated(*PAIR) == "not separated"


def test_an_interval_that_contains_1_is_not_separated():
    assert ranking(arm([100, 300, 90]), arm([200, 150, 198])).separated(*PAIR) == "not separated"


def test_a_censored_seed_decides_nothing():
    lost = arm([100, 101, 99])
    lost["curves"][1] = [(0, 2.0), (1000, 1.5)]
    found = ranking(lost, arm([200, 202, 198]))
    assert not found.decided("target", *PAIR) and found.decided("target", "sgd_momentum")
    assert found.steps_ratio(*PAIR) is None and found.separated(*PAIR) == "not measured"
    assert found.arms["adam"].censored(1.0)["reached"] == 2


def test_a_shortest_rung_below_the_target_decides_nothing():
    ends = [rung(100, 0.9, 0.9, 0.9), rung(400, 0.5, 0.5, 0.5)]
    known = [rung(100, 2.0, 2.0, 2.0), rung(400, 0.5, 0.5, 0.5)]
    found = ranking(arm([1, 1, 1], rungs=ends), arm([1, 1, 1], rungs=known), "cosine")
    assert not found.decided("target", "adam") and found.decided("target", "sgd_momentum")


def test_seconds_multiply_steps_by_measured_step_time():
    times = {
        o: {"step": [t, t, t], "optimizer": [t / 10] * 3, "again": [t] * 3}
        for o, t in zip(PAIR, (0.003, 0.001))
    }
    found = ranking(arm([100, 101, 99]), arm([200, 202, 198]), times=times)
    assert found.step_time_ratio(*PAIR).value == pytest.approx(3)
    assert found.seconds_ratio(*PAIR).value == pytest.approx(1.5, rel=1e-3)
    assert found.separated(*PAIR, ratio=found.seconds_ratio(*PAIR)) == "more"


def test_without_timings_there_are_no_seconds():
    assert ranking(arm([100, 101, 99]), arm([200, 202, 198])).seconds_ratio(*PAIR) is None
