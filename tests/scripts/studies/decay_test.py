"""Decay: equal budgets, choice by the worst seed, and what meets the test data, on made-up trials."""

import pytest
from plans import context, drive, trial

from steplab_study.protocol.ranking import TEST_SEEDS, TUNING_SEEDS
from steplab_study.studies import decay as study


def plan():
    return study.plans(context("standard"))["mlp/medium"]


def best_at(lr, lucky=None):
    """Accuracy falls away from `lr` and with the decay; the point `lucky` is best on the first seed alone."""
    def answer(config):
        hyper = config["hyper"]
        point = (hyper["lr"], hyper["weight_decay"])
        accuracy = 0.9 - abs(hyper["lr"] - lr) - 0.01 * hyper["weight_decay"]
        if point == lucky:
            accuracy = 0.95 if config["seed"] == TUNING_SEEDS[0] else 0.1
        return trial(config, 1.0, accuracy)

    return answer


def test_quick_leaves_it_out():
    assert study.plans(context("quick")) == {}


def test_every_arm_has_the_same_number_of_points():
    assert {len(study.points(arm)) for arm in study.RULES} == {25}
    assert all(decay == 0.01 for _, decay in study.points("adamw_default"))


def test_a_lucky_seed_is_not_chosen():
    lucky = study.points("adam")[12]
    outcome, _ = drive(plan(), best_at(1e-3, lucky))
    row = next(r for r in outcome["arms"]["adam"]["finalists"] if (r["lr"], r["weight_decay"]) == lucky)
    assert row["worst"] == 0.1
    assert (outcome["arms"]["adam"]["choice"]["lr"], 0.0) != lucky


def test_only_the_choices_meet_the_test_data_on_test_seeds():
    _, asked = drive(plan(), best_at(1e-3))
    tested = [c for c in asked if c["test"]]
    assert len(tested) == 4 * 12 and {c["seed"] for c in tested} == {*TEST_SEEDS[:12]}
    assert all(c["seed"] in TUNING_SEEDS for c in asked if not c["test"])
    assert all(c["options"] == {"train_samples": 2000} and c["schedule"] == "cosine" for c in asked)


def test_a_rate_at_the_end_of_its_grid_is_named_and_decay_is_summed():
    outcome, _ = drive(plan(), best_at(1.0))
    choice = outcome["arms"]["adamw_default"]["choice"]
    assert choice["lr"] == 0.03 and choice["at_edge"] == ["lr"]
    assert choice["decay_sum"] == pytest.approx(0.03 * 0.01 * 1000 / 2)


def test_the_grid_of_a_heat_map_has_a_diverged_point_without_loss():
    def answer(config):
        return {**trial(config, 1.0), "diverged": config["hyper"]["lr"] == 0.03}

    outcome, _ = drive(plan(), answer)
    worst = [row for row in outcome["arms"]["adam_l2"]["grid"] if row["lr"] == 0.03]
    assert len(worst) == 5 and all(row["loss"] is None and row["accuracy"] == 0 for row in worst)
