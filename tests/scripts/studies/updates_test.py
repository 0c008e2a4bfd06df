"""The plans over given gradients, answered by optimizers that are written here."""

import math

import numpy as np
import pytest
from plans import context, drive

from steplab_study.statistics.power_laws import exponent_where_positive
from steplab_study.studies import updates
from steplab_study.trials import formulas
from steplab_study.trials.made_up_gradients import decades, normals, scaled_noise, spaced

DEFAULTS = {
    "sgd": {"lr": 0.01, "momentum": 0.0, "dampening": 0.0, "weight_decay": 0.0},
    "adam": {"lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.0},
    "adamw": {"lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.01},
}


def transcribed(config):
    """The values after every step that is asked for, from the transcriptions."""
    hyper = {**DEFAULTS[config["rule"]], **config["hyper"]}
    form = formulas.pytorch if config.get("preset") == "pytorch" else formulas.teaching
    counts = range(1, len(config["gradients"]) + 1)
    if config["report"] == "last":
        counts = counts[-1:]
    return {
        "steps": [
            {
                "step": n,
                "values": _values(form, config, hyper, n),
            }
            for n in counts
        ]
    }


def _values(form, config, hyper, steps):
    ends = form(config["rule"], hyper, config["params"], config["gradients"][:steps])
    return [tensor.tolist() for tensor in ends]


def plan(key):
    return updates.plans(context("quick"))[key]


def test_every_profile_that_measures_has_all_plans():
    assert {*updates.plans(context("quick"))} == {*updates.plans(context("full"))}
    assert updates.plans(context("smoke")) == {}


def velocity(config):
    v = None
    for ((g,),) in config["gradients"]:
        v = g if v is None else config["hyper"]["momentum"] * v + (1 - config["hyper"]["dampening"]) * g
    return {"steps": [{"values": [[0.0]], "state": {"velocity": [[v]]}}]}


def test_the_velocitys_coefficient_and_gain_are_read_off():
    outcome, _ = drive(plan("velocity"), velocity)
    assert outcome["stated"] == pytest.approx({"kept": 0.9, "coefficient": 1.0, "gain": 10.0}, rel=1e-6)
    assert outcome["dampened"] == pytest.approx({"kept": 0.9, "coefficient": 0.1, "gain": 1.0}, rel=1e-6)


def test_identity_has_the_texts_and_the_librarys_distance_from_them():
    outcome, _ = drive(plan("identity"), transcribed)
    rules = outcome["rules"]
    assert rules["sgd"]["skipped"]["texts"] < 1e-12 and rules["momentum"]["skipped"]["texts"] < 1e-12
    assert rules["adam"]["every"]["texts"] < 1e-12 < rules["adam"]["skipped"]["texts"]
    assert rules["adamw"]["every"]["texts"] > 1e-9
    assert all(case[preset] == 0 for r in rules.values() for case in r.values() for preset in updates.PRESETS)


def test_decay_shares_fall_with_the_gradient_under_l2_and_are_constant_in_adamw():
    outcome, asked = drive(plan("decay_share"), transcribed)
    assert len(asked) == 4 * len(updates.SEEDS)
    slopes = {(a["rule"], a["weight_decay"]): a["slopes"] for a in outcome["arms"]}
    assert all(s < -0.5 for s in slopes["adam", 0.01]) and max(map(abs, slopes["adamw", 0.01])) < 0.02


def test_the_default_decay_is_followed_in_three_arms():
    outcome, _ = drive(plan("default_decay"), transcribed)
    values = outcome["values"]
    assert values["adamw"][0] == pytest.approx(0.8991, abs=1e-5)
    assert values["none"][0] == pytest.approx(0.9, abs=1e-5)
    assert abs(values["adam"][2]) < abs(values["adamw"][2]) < abs(values["none"][2])


def corrected(config):
    """The last step of Adam under a gradient of 1, from its closed form."""
    t, hyper = len(config["gradients"]), config["hyper"]
    assert config["lr"] == [0.0] * (t - 1) + [1.0]
    m, v = 1 - hyper["beta1"] ** t, 1 - hyper["beta2"] ** t
    update = (m / (1 - hyper["beta1"] ** t)) / math.sqrt(v / (1 - hyper["beta2"] ** t))
    return {"steps": [{"values": [[-update]], "state": {"m": [[m]], "v": [[v]]}}]}


def test_divisors_are_read_off_the_updates():
    outcome, _ = drive(plan("correction"), corrected)
    assert outcome["m"] == pytest.approx([1 - 0.9**t for t in outcome["steps"]])
    assert outcome["v"] == pytest.approx([math.sqrt(1 - 0.999**t) for t in outcome["steps"]])


@pytest.mark.parametrize("adds", [True, False])
def test_accumulated_gradients_are_counted_bit_for_bit(adds):
    def answer(config):
        (first,), (second,) = np.float32(config["gradients"])
        total = first + second if adds and not config["zero_grad"] else second
        return {"steps": [{"values": [(-total).tolist()]}]}

    outcome, _ = drive(plan("accumulation"), answer)
    assert outcome["zeroed"] == outcome["gradients"]
    assert (outcome["forgotten"] == outcome["gradients"]) == adds


def test_effective_rates_fall_in_adam_and_not_in_sgd():
    outcome, _ = drive(plan("scale"), transcribed)
    adam, sgd = outcome["arms"]["adam"], outcome["arms"]["sgd_momentum"]
    assert all(s < -0.8 for s in adam["slopes"]) and all(abs(s) < 0.2 for s in sgd["slopes"])
    assert max(adam["rescaled"].values()) < 0.01 < 0.9 < sgd["rescaled"]["0.01"]


def test_streams_are_repeatable_and_scaled():
    assert normals(3, 1) == normals(3, 1) != normals(3, 2)
    noise = np.array(scaled_noise([1e-3, 1.0], 400, 1))[:, 0]
    assert np.sqrt((noise**2).mean(0)) == pytest.approx([1e-3, 1], rel=0.15)
    assert abs(noise[:, 1].mean()) < 0.2


def test_grids_and_slopes():
    assert decades(1e-3, 1) == [0.001, 0.003162, 0.01, 0.03162, 0.1, 0.3162, 1.0]
    assert spaced(1e-4, 1e-2, 3) == [1e-4, 1e-3, 1e-2]
    assert exponent_where_positive([1, 10, 100], [1, 0.1, 0.01]) == pytest.approx(-1)
    assert exponent_where_positive([1, 10], [1, 0]) is None
