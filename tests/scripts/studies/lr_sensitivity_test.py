"""Learning rates: grids to both edges and the small rate, on made-up trials."""

import math

from plans import context, drive, trial

from steplab_study.protocol.ranking import TEST_SEEDS
from steplab_study.studies import lr_sensitivity as study

BEST = {"sgd": 0.1, "adam": 0.001, "adamw": 0.001}


def answer(config):
    """Loss rises with the distance from the best rate, a tenth with momentum; longer runs end lower."""
    best = BEST[config["rule"]] / (10 if "momentum" in config["hyper"] else 1)
    away = math.log10(config["hyper"]["lr"] / best)
    if away > 2:
        return {**trial(config, 9.0), "diverged": True}
    return trial(config, (1 + 0.1 * away**2 + 1e-4 * (config["seed"] % 3)) * (300 / config["steps"]) ** 0.1)


def outcome_of(key):
    return drive(study.plans(context("quick"))[key], answer)


def test_smoke_leaves_it_out_and_a_workload_can_be_left_out():
    assert study.plans(context("smoke")) == {}
    assert [*study.plans(context("quick", ("logistic",)))] == ["logistic/small"]


def test_every_arm_is_explored_to_both_edges_around_its_best_rate():
    outcome, _ = outcome_of("logistic/small")
    assert [*outcome["arms"]] == ["sgd", "sgd_momentum", "adam"]
    for arm, best in (("sgd", 0.1), ("sgd_momentum", 0.01), ("adam", 0.001)):
        found = outcome["arms"][arm]
        rates, means = found["rates"], [sum(losses) / len(losses) for losses in found["losses"]]
        assert abs(math.log10(found["best"][0] / best)) < 0.01
        assert means[0] > 1.05 * min(means) and means[-1] > 1.05 * min(means)
        assert math.log10(rates[-1] / rates[0]) > 1.3


def test_test_seeds_alone_are_used():
    _, asked = outcome_of("mlp/medium")
    assert {c["seed"] for c in asked} == {*TEST_SEEDS[:6]}


def test_transformers_have_a_warm_up_arm():
    outcome, asked = outcome_of("transformer/small")
    assert "adamw" in outcome["arms"]
    assert {c["warmup"] for c in asked if c["rule"] == "adamw"} == {0.1}
    assert {c["warmup"] for c in asked if c["rule"] != "adamw"} == {0.0}


def test_the_small_rate_runs_as_long_and_sixteen_times_longer():
    outcome, asked = outcome_of("mlp/small")
    small = outcome["small_rate"]
    assert small["best_rate"] == 0.1 and small["rate"] == 0.1 / 16
    assert len(small["best"]) == len(small["same_steps"]) == len(small["more_steps"]) == 10
    assert small["same_steps"][0] > small["best"][0]
    assert {c["steps"] for c in asked} == {300, 4800}
    assert outcome_of("logistic/small")[0]["small_rate"] is None
