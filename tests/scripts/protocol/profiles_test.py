"""What decides a ranking: equal budgets, disjoint seeds, targets."""

import math

import pytest

from steplab_study.protocol import ranking as protocol
from steplab_study.protocol.profiles import PROFILES, profile_named


def test_seeds_of_tuning_target_and_test_are_disjoint():
    groups = [set(protocol.TUNING_SEEDS), set(protocol.TARGET_SEEDS), set(protocol.TEST_SEEDS)]
    assert not groups[0] & groups[1] and not groups[0] & groups[2] and not groups[1] & groups[2]
    assert protocol.SEARCH_SEED in groups[0]


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda p: p.name)
def test_no_problem_asks_for_more_seeds_than_there_are(profile):
    for budget in (p.budget for p in profile.problems):
        assert budget.finalist_seeds < len(protocol.TUNING_SEEDS)
        assert budget.rate_seeds < len(protocol.TUNING_SEEDS)
        assert budget.target_seeds <= len(protocol.TARGET_SEEDS)
        assert budget.test_seeds <= len(protocol.TEST_SEEDS)
        assert 1 in budget.rungs and list(budget.rungs) == sorted(budget.rungs)


def test_quick_has_the_protocols_counts():
    assert list(protocol.OPTIMIZERS) == ["sgd", "sgd_momentum", "adam", "adamw"]
    quick = profile_named("quick")
    for budget in (p.budget for p in quick.problems):
        assert (budget.points, budget.finalists, budget.finalist_seeds) == (8, 2, 2)


@pytest.mark.parametrize("name", ["quick", "standard", "full"])
def test_small_sizes_have_twenty_seeds_and_others_eight(name):
    for problem in profile_named(name).problems:
        assert problem.budget.test_seeds >= (20 if problem.size == "small" else 8), problem.name


def test_standard_has_the_protocols_counts_and_every_family_in_three_sizes():
    problems = profile_named("standard").problems
    for budget in {p.budget for p in problems}:
        assert (budget.points, budget.test_seeds) in ((16, 20), (16, 8), (8, 8))
    for family in ("mlp", "cnn", "transformer", "softmax"):
        assert {"small", "medium", "large"} <= {p.size for p in problems if p.workload == family}
    middle = {p.workload for p in problems if len(p.budget.rungs) == 4}
    assert {"mlp", "cnn", "transformer", "softmax", "logistic"} <= middle
    assert {p.name for p in problems if p.clipped} == {"mlp/medium", "transformer/medium"}


def test_larger_profiles_never_have_smaller_budgets():
    budgets = [{p.name: p.budget for p in profile_named(n).problems} for n in ("quick", "standard", "full")]
    for smaller, larger in zip(budgets, budgets[1:]):
        for name in smaller:
            assert larger[name].points >= smaller[name].points
            assert larger[name].test_seeds >= smaller[name].test_seeds


def test_every_problem_has_a_space_for_every_optimizer():
    for profile in PROFILES.values():
        for problem in profile.problems:
            for optimizer in protocol.OPTIMIZERS:
                assert 1 <= len(protocol.space(problem.workload, optimizer)) <= 2


def test_sgd_momentum_is_searched_in_its_effective_rate():
    point = {"effective_lr": 2.0, "one_minus_momentum": 0.1}
    assert protocol.hyperparameters("mlp", "sgd_momentum", point) == (0.2, {"momentum": 0.9})


def test_target_is_the_worst_final_loss_and_a_margin():
    target = protocol.target_from({"sgd": [9.0], "sgd_momentum": [0.5, 0.52], "adam": [0.3, 0.3]}, 2.0)
    deviation = 0.02 / math.sqrt(2)
    assert target["set_by"] == "sgd_momentum"
    assert target["loss"] == pytest.approx(0.52 + 2 * deviation)
    assert target["looser"]["50 %"] == pytest.approx(2.0 - 0.5 * (2.0 - target["loss"]))
    even = protocol.target_from({"sgd_momentum": [0.5, 0.5], "adam": [0.3, 0.3]}, 2.0)
    assert even["loss"] == pytest.approx(0.505)


def test_a_diverged_run_does_not_set_the_target_and_is_named():
    target = protocol.target_from({"sgd_momentum": [math.inf, 0.5], "adam": [0.3, 0.3]}, 2.0)
    assert target["diverged"] == ["sgd_momentum"]
    assert target["loss"] == pytest.approx(0.505)
    assert protocol.target_from({"sgd_momentum": [math.inf], "adam": [0.3]}, 2.0) is None


def test_decay_is_not_tuned_where_the_minimum_lies_at_zero():
    assert "weight_decay" not in protocol.space("quadratic", "adamw")
    assert "weight_decay" in protocol.space("mlp", "adamw")
    point = {"lr": 0.1, "one_minus_beta1": 0.2}
    assert protocol.hyperparameters("quadratic", "adamw", point) == (0.1, {"beta1": 0.8})
