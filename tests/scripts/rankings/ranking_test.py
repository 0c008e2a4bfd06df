"""Steps from crossings and from the ladder, and what may be called separated."""

import math

import pytest

from steplab_study.rankings.arm import horizon_steps
from steplab_study.rankings.ranking import Ranking, pooled_floor


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


def lost(crossings, *seeds):
    """An arm of which these seeds never cross."""
    found = arm(crossings)
    for seed in seeds:
        found["curves"][seed] = [(0, 2.0), (1000, 1.5)]
    return found


def test_a_seed_that_never_arrives_counts_as_slower_than_every_other():
    twice = [200, 202, 198, 204, 196, 200, 201, 199]
    found = ranking(arm([100, 101, 99, 102, 98, 100, 100, 100]), lost(twice, 1, 4))
    ratio = found.steps_ratio(*PAIR)
    assert 0.4 < ratio.value < 0.5 and ratio.low == 0 and ratio.high < 0.52
    assert found.separated(*PAIR) == "fewer"
    assert found.arms["sgd_momentum"].censored(1.0)["reached"] == 6
    all_lost = ranking(arm([100] * 8), lost(twice, *range(8)))
    assert all_lost.steps_ratio(*PAIR).high == 0.0 and all_lost.separated(*PAIR) == "fewer"
    assert all_lost.bounded_steps_ratio(*PAIR) == pytest.approx(0.1)  # at most 100 of 1000 steps


def test_seeds_that_both_never_arrive_tell_nothing():
    found = ranking(lost([100, 101, 99, 100], 0, 1), lost([200, 202, 198, 200], 0, 1))
    assert found.steps_ratio(*PAIR) is None and found.separated(*PAIR) == "not measured"


def test_a_shortest_rung_below_the_target_counts_as_faster():
    ends = [rung(100, *[0.9] * 6), rung(400, *[0.5] * 6)]
    known = [rung(100, *[2.0] * 6), rung(400, *[0.5] * 6)]
    found = ranking(
        arm([1] * 6, finals=[0.5] * 6, rungs=ends), arm([1] * 6, finals=[0.5] * 6, rungs=known), "cosine"
    )
    ratio = found.steps_ratio(*PAIR)
    assert (ratio.value, ratio.low, ratio.high) == (0.0, 0.0, 0.0)
    assert found.bounded_steps_ratio(*PAIR) == pytest.approx(100 / 200)


def test_what_the_ladders_interpolation_misses_is_part_of_the_interval():
    straight = [rung(100, 4.0), rung(200, 2.0), rung(400, 1.0)]
    bent = [rung(100, 4.0), rung(200, 3.0), rung(400, 1.0)]
    arms = [ranking(arm([1], rungs=r), arm([1], rungs=r), "cosine").arms["adam"] for r in (straight, bent)]
    assert arms[0].interpolation_error() == pytest.approx(0)
    guess = 100 * 4 ** (math.log(4 / 3) / math.log(4))  # of the horizon that ends at 3
    assert arms[1].interpolation_error() == pytest.approx((200 / guess) ** 0.25 - 1)


def test_the_floor_is_pooled_over_problems():
    def timed(again):
        return {"sgd_momentum": {"step": [1.0] * 3, "again": [again] * 3}}

    assert pooled_floor({"a": timed(1.0), "b": timed(1.0)}) == 0
    one = pooled_floor({"a": timed(1.02)})
    assert one == pytest.approx(1.02**1.96 - 1)
    assert pooled_floor({"a": timed(1.02), "b": timed(1 / 1.02)}) == pytest.approx(one)
    assert 0 < pooled_floor({"a": timed(1.02), "b": timed(1.0)}) < one


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
