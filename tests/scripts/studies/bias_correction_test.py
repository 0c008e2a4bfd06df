"""Bias corrections: what is asked and what is kept, on made-up trials."""

import math

from plans import context, drive, trial

from steplab_study.studies import bias_correction as study

NORMS = {"both": 1.0, "m": 10.0, "v": 0.1, "none": 3.0}


def answer(config):
    norm = NORMS[config["correction"]]
    return trial(config, lambda step: 2.0 - step / 100, observed={"update_norm": [norm] * config["observe"]})


def test_smoke_and_other_workloads_leave_it_out():
    assert study.plans(context("smoke")) == {} == study.plans(context("quick", ("cnn",)))


def test_every_arm_runs_at_every_beta2_and_rate_on_the_same_seeds():
    _, asked = drive(study.plans(context("quick"))["mlp/small"], answer)
    cells = {(c["hyper"]["beta2"], c["hyper"]["lr"], c["correction"], c["seed"]) for c in asked}
    assert len(cells) == len(asked) == 3 * 3 * 4 * 3


def test_the_outcome_has_norms_and_losses_by_seed():
    outcome, _ = drive(study.plans(context("quick"))["mlp/small"], answer)
    assert outcome["parameters"] == 10 and outcome["initial_loss"] == 2.0 and len(outcome["cells"]) == 9
    arm = outcome["cells"][0]["arms"]["v"]
    assert arm["update_norm"] == [[0.1] * 100] * 3
    assert arm["loss"] == [[1.9, 1.7, 1.0]] * 3


def test_a_diverged_trial_has_infinite_losses_after_its_end():
    def ended(config):
        return trial({**config, "steps": 20}, 1.0, observed={"update_norm": [1.0] * 20})

    outcome, _ = drive(study.plans(context("quick"))["mlp/small"], ended)
    assert outcome["cells"][0]["arms"]["none"]["loss"][0] == [1.0, math.inf, math.inf]
