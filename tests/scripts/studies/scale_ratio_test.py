"""Scale ratios: problems and arms, on made-up trials."""

import math

import pytest
from plans import context, drive, trial

from steplab_study.studies import scale_ratio as study


def answer(config):
    """SGD slows down with the condition number, Adam does not."""
    kappa = config["options"]["kappa"]
    speed = 1.0 if config["rule"] == "adam" else 1 / math.sqrt(kappa)
    best = 0.1 if config["rule"] == "adam" else 1.0
    slower = 1 + math.log(config["hyper"]["lr"] / best) ** 2
    return trial(config, lambda step: math.exp(-speed * step / slower))


def outcome_of(key):
    return drive(study.plans(context("quick"))[key], answer)


def test_smoke_leaves_it_out_and_three_ways_cross_two_frames():
    assert study.plans(context("smoke")) == {}
    assert len(study.plans(context("quick"))) == 6


def test_both_arms_search_the_same_number_of_points():
    assert len(study.ARMS["adam"].grid) == len(study.ARMS["sgd_momentum"].grid)


@pytest.mark.parametrize(
    "way, gradients, parameters", [("gradients", 100, 100 ** (1 / 9)), ("both", 100, 100)]
)
def test_scales_differ_by_the_ratio(way, gradients, parameters):
    kappa, start = study._problem(way, 100)
    assert kappa ** (1 - start) == pytest.approx(gradients, rel=1e-4)
    assert kappa**start == pytest.approx(parameters, rel=1e-4)


def test_parameters_are_gradients_the_other_way_round():
    (kappa, start), (other, mirrored) = study._problem("parameters", 100), study._problem("gradients", 100)
    assert kappa == other and start == pytest.approx(1 - mirrored)


def test_the_fewest_steps_of_each_ratio_are_kept():
    outcome, asked = outcome_of("both, rotated")
    assert outcome["ratios"] == [1, 10, 100, 1000]
    momentum, adam = outcome["arms"]["sgd_momentum"], outcome["arms"]["adam"]
    assert momentum[2] / momentum[1] == pytest.approx(10, rel=0.02)
    assert adam[1] == pytest.approx(math.log(1e6), rel=0.05)
    assert {c["options"]["rotated"] for c in asked} == {1}


def test_what_does_not_arrive_is_infinite():
    outcome, _ = drive(study.plans(context("quick"))["gradients, aligned"], lambda c: trial(c, 1.0))
    assert outcome["arms"]["adam"] == [math.inf] * 4
