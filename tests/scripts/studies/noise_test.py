"""Noise: best rates by level, on made-up trials."""

import math

import pytest
from plans import context, drive, trial

from steplab_study.statistics.power_laws import exponent
from steplab_study.studies import noise as study


def answer(config):
    """The best rate falls with the noise."""
    best = 0.1 / config["options"]["noise"]
    return trial(config, 1 + 0.1 * math.log(config["hyper"]["lr"] / best) ** 2)


def test_smoke_leaves_it_out_and_both_optimizers_are_there():
    assert study.plans(context("smoke")) == {}
    assert [*study.plans(context("quick"))] == ["sgd", "adam"]
    assert study.plans(context("quick", ("mlp",))) == {}


def test_batch_and_steps_are_fixed_and_best_rates_follow_the_noise():
    outcome, asked = drive(study.plans(context("quick"))["adam"], answer)
    assert {(c["batch"], c["steps"]) for c in asked} == {(8, 400)}
    assert len(outcome["noise"]) == len(outcome["best"]) == 5
    for rates in zip(*outcome["best"]):
        assert exponent(outcome["noise"], rates) == pytest.approx(-1, abs=1e-3)
