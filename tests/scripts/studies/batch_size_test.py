"""Batch sizes: equal epochs and best rates, on made-up trials."""

import math

import pytest
from plans import context, drive, trial

from steplab_study.protocol.ranking import TEST_SEEDS, TUNING_SEEDS
from steplab_study.statistics.power_laws import exponent
from steplab_study.studies import batch_size as study


def answer(config):
    """The best rate grows as the square root of the batch."""
    best = (0.1 if config["rule"] == "sgd" else 0.003) * math.sqrt(config["batch"] / 64)
    return trial(config, 1 + 0.1 * math.log(config["hyper"]["lr"] / best) ** 2)


def outcome_of(key):
    return drive(study.plans(context("quick"))[key], answer)


def test_smoke_leaves_it_out_and_each_optimizer_has_a_plan():
    assert study.plans(context("smoke")) == {}
    assert [*study.plans(context("quick"))] == ["mlp/small, sgd", "mlp/small, adam"]
    assert study.plans(context("quick", ("quadratic",))) == {}


def test_epochs_are_equal():
    _, asked = outcome_of("mlp/small, sgd")
    assert {c["steps"] * c["batch"] for c in asked} == {2 * 8192}
    assert {c["batch"] for c in asked} == {8, 16, 32, 64, 128, 256}


@pytest.mark.parametrize("arm", ["sgd", "adam"])
def test_the_best_rate_is_not_held_to_the_grid(arm):
    outcome, _ = outcome_of(f"mlp/small, {arm}")
    for rates in zip(*outcome["best"]):
        assert exponent(outcome["batches"], rates) == pytest.approx(0.5, abs=1e-3)
    assert outcome["spread"].value == pytest.approx(math.sqrt(32), rel=0.01)


def test_centres_come_from_a_tuning_seed_and_best_rates_from_test_seeds():
    outcome, asked = outcome_of("mlp/small, adam")
    assert {c["seed"] for c in asked} == {TUNING_SEEDS[0], *TEST_SEEDS[:5]}
    assert all(len(rates) == 5 for rates in outcome["best"])


def test_a_best_rate_at_an_edge_is_none():
    plan = study.plans(context("quick"))["mlp/small, sgd"]
    outcome, _ = drive(plan, lambda config: trial(config, 1 / config["hyper"]["lr"]))
    assert outcome["best"] == [[None] * 5] * 6 and outcome["spread"] is None
