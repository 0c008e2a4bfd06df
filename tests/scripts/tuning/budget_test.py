"""The tuning budget: equal points, second half near the best, widening at edges, choice by the worst
seed."""

import math
from dataclasses import replace

from plans import drive
from steplab_study.protocol import ranking as protocol
from steplab_study.protocol.profiles import Budget
from steplab_study.protocol.ranking import Axis
from steplab_study.tuning.budget import choose, in_groups, search

SOBOL_SEED = 7
BUDGET = Budget(8, 2, 3, 2, 3, (1,), 1)


def finish(plan, answer):
    """(outcome, everything asked for) of a plan whose requests `answer` computes."""
    return drive(plan, lambda job: answer(*job))


def trial(arm, point, seed):
    return arm, tuple(sorted(point.items())), seed


def bowl(best):
    """A loss with its minimum at lr = best."""
    return lambda arm, point, seed: abs(math.log(dict(point)["lr"] / best))


def run(arms, budget, best):
    return finish(search(arms, budget, trial, lambda r: r, SOBOL_SEED), bowl(best))


def test_every_arm_gets_the_same_number_of_points_on_the_one_search_seed():
    arms = {"a": {"lr": Axis(0.01, 1, 4)}, "b": {"lr": Axis(0.01, 1, 4), "beta": Axis(0.1, 0.5, 2)}}
    found, asked = run(arms, replace(BUDGET, widenings=0), 0.1)
    assert [len(scored) for scored, _ in found.values()] == [8, 8]
    assert {seed for _, _, seed in asked} == {protocol.SEARCH_SEED}


def test_the_second_half_lies_in_a_box_around_the_best_of_the_first():
    found, _ = run({"a": {"lr": Axis(1e-4, 100, 4)}}, replace(BUDGET, widenings=0), 0.1)
    points = [point["lr"] for point, _, _ in found["a"][0]]
    best = min(points[:4], key=lambda lr: abs(math.log(lr / 0.1)))
    assert all(best / 4.001 <= lr <= best * 4.001 for lr in points[4:])


def test_a_best_point_at_an_edge_widens_that_edge_and_searches_again():
    found, asked = run({"a": {"lr": Axis(0.01, 1, 4)}}, BUDGET, 5.0)
    scored, axes = found["a"]
    assert len(scored) == 16 and axes["lr"].high == 10 and axes["lr"].low == 0.01
    unmoved, _ = run({"a": {"lr": Axis(0.01, 1, 4)}}, BUDGET, 0.1)
    assert len(unmoved["a"][0]) == 8


def test_all_arms_get_the_points_of_the_one_that_was_widened():
    arms = {"at its end": {"lr": Axis(0.01, 1, 4)}, "within": {"lr": Axis(0.01, 100, 4)}}
    found, _ = run(arms, replace(BUDGET, widenings=2), 5.0)
    assert {arm: len(scored) for arm, (scored, _) in found.items()} == {"at its end": 16, "within": 16}
    assert found["within"][1]["lr"] == arms["within"]["lr"]
    points = [point["lr"] for point, _, _ in found["within"][0]]
    assert len(set(points)) == 16  # more of its space, not the same again


def test_the_second_box_lies_around_the_best_of_all_points_so_far():
    best_rate = 0.9  # near the end, and found by the first box
    found, _ = run({"a": {"lr": Axis(0.01, 1, 4)}}, BUDGET, best_rate)
    points = [point["lr"] for point, _, _ in found["a"][0]]
    best = min(points[:12], key=lambda lr: abs(math.log(lr / best_rate)))
    assert len(points) == 16 and best in points[4:8]
    assert all(best / 4.001 <= lr <= best * 4.001 for lr in points[12:])


def test_every_problem_has_a_seed_of_its_own_for_its_search():
    seeds = {protocol.sobol_seed(name) for name in ("mlp/small", "mlp/medium", "cnn/small")}
    assert len(seeds) == 3 and protocol.sobol_seed("mlp/small") == protocol.sobol_seed("mlp/small")


def test_the_choice_is_the_point_whose_worst_seed_is_best():
    searched = {"a": ([({"lr": 1.0}, 0.1, None), ({"lr": 2.0}, 0.2, None), ({"lr": 3.0}, 0.3, None)], {})}
    lucky = {1.0: [0.0, 0.0, 9.0], 2.0: [0.4, 0.5, 0.5]}
    seeds = protocol.TUNING_SEEDS[1:4]
    chosen, asked = finish(
        choose(searched, BUDGET, trial, lambda r: r),
        lambda arm, point, seed: lucky[dict(point)["lr"]][seeds.index(seed)],
    )
    assert chosen == {"a": ({"lr": 2.0}, 0.5)}
    assert len(asked) == 6 and protocol.SEARCH_SEED not in {seed for _, _, seed in asked}


def test_groups_keep_their_order():
    assert in_groups([1, 2, 3, 4], 2) == [[1, 2], [3, 4]]
