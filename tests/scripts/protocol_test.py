"""What decides a ranking: equal budgets, disjoint seeds, targets."""

import math

import pytest

from steplab_study import protocol
from steplab_study.errors import UsageError
from steplab_study.profiles import PARTS, PROFILES, parts_named, profile_named


def test_seeds_of_tuning_target_and_test_are_disjoint():
    groups = [set(protocol.TUNING_SEEDS), set(protocol.TARGET_SEEDS), set(protocol.TEST_SEEDS)]
    assert not groups[0] & groups[1] and not groups[0] & groups[2] and not groups[1] & groups[2]
    assert protocol.SEARCH_SEED in groups[0]


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda p: p.name)
def test_no_profile_asks_for_more_seeds_than_there_are(profile):
    assert profile.finalist_seeds < len(protocol.TUNING_SEEDS)
    assert profile.target_seeds <= len(protocol.TARGET_SEEDS)
    assert profile.test_seeds <= len(protocol.TEST_SEEDS)


def test_quick_runs_four_optimizers_on_two_workloads_in_three_sizes_with_three_seeds():
    quick = profile_named("quick")
    assert list(protocol.OPTIMIZERS) == ["sgd", "sgd_momentum", "adam", "adamw"]
    assert len(quick.problems) == 6 and {p.workload for p in quick.problems} == {"quadratic", "mlp"}
    assert (quick.points, quick.test_seeds, quick.rounds) == (8, 3, 9)


def test_every_problem_has_a_space_for_every_optimizer():
    for profile in PROFILES.values():
        for problem in profile.problems:
            for optimizer in protocol.OPTIMIZERS:
                assert 1 <= len(protocol.space(problem.workload, optimizer)) <= 2


def test_sgd_momentum_is_searched_in_its_effective_rate():
    point = {"effective_lr": 2.0, "one_minus_momentum": 0.1}
    assert protocol.hyperparameters("mlp", "sgd_momentum", point) == (0.2, {"momentum": 0.9})


def test_target_is_the_worst_final_loss_and_a_margin():
    target = protocol.target_from({"sgd": [0.5, 0.52], "adam": [0.3, 0.3]}, 2.0)
    deviation = 0.02 / math.sqrt(2)
    assert target["set_by"] == "sgd"
    assert target["loss"] == pytest.approx(0.52 + 2 * deviation)
    assert target["looser"]["50 %"] == pytest.approx(2.0 - 0.5 * (2.0 - target["loss"]))
    assert protocol.target_from({"sgd": [0.5, 0.5]}, 2.0)["loss"] == pytest.approx(0.505)


def test_a_diverged_run_does_not_set_the_target_and_is_named():
    target = protocol.target_from({"sgd": [math.inf, 0.5], "adam": [0.3, 0.3]}, 2.0)
    assert target["diverged"] == ["sgd"]
    assert target["loss"] == pytest.approx(0.505)
    assert protocol.target_from({"sgd": [math.inf]}, 2.0) is None


def test_unknown_names_list_the_known_ones():
    with pytest.raises(UsageError, match="'fast'; known profiles: smoke, quick, standard, full"):
        profile_named("fast")
    with pytest.raises(UsageError, match="'speed' in --only; known parts: step, memory, convergence"):
        parts_named("step,speed")
    with pytest.raises(UsageError, match="'poker'; known: quadratic, mlp"):
        protocol.space("poker", "sgd")


def test_parts_keep_the_studys_order():
    assert parts_named("convergence,step") == ("step", "convergence")
    assert parts_named(",".join(PARTS)) == PARTS


def test_decay_is_not_tuned_where_the_minimum_lies_at_zero():
    assert "weight_decay" not in protocol.space("quadratic", "adamw")
    assert "weight_decay" in protocol.space("mlp", "adamw")
    point = {"lr": 0.1, "one_minus_beta1": 0.2}
    assert protocol.hyperparameters("quadratic", "adamw", point) == (0.1, {"beta1": 0.8})
