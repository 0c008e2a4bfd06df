"""Valley: arms, oscillation, threshold and paths, on made-up trials."""

import math

import pytest
from plans import context, drive, trial

from steplab_study.studies import valley as study


def answer(config):
    """Loss falls fastest at a rate of 1; watched trials change sign above it."""
    lr, momentum = config["hyper"]["lr"], config["hyper"].get("momentum", 0.0)
    speed = (1 + 9 * momentum) / config["options"].get("kappa", 1) * math.exp(-(math.log(lr) ** 2))
    extra = {}
    if config.get("observe"):
        count = config["observe"]
        extra["observed"] = {
            "step": [*range(1, count + 1)],
            "sign_changes": [0.0] + [0.25] * (count - 1),
            "coordinate_sign_changes": [(count - 1) / count if lr > 1 else 0.0] + [0.0] * 63,
            "initial_values": [2.0, 2.0],
            "values": [[1.0, 1.0]] * count,
        }
    found = trial(config, lambda step: math.exp(-speed * step), **extra)
    return {**found, "diverged": lr > 2 and momentum == 0}


def outcome_of(key):
    return drive(study.plans(context("quick"))[key], answer)


def test_smoke_leaves_it_out_and_a_workload_can_be_left_out():
    assert study.plans(context("smoke")) == {}
    assert [*study.plans(context("quick", ("rosenbrock",)))] == ["path rosenbrock"]
    assert study.plans(context("quick", ("mlp",))) == {}


def test_steps_are_the_fewest_of_the_grid_for_every_condition_number():
    outcome, asked = outcome_of("steps aligned")
    assert outcome["kappas"] == [10, 100, 1000, 3000, 10_000]
    assert all(len(steps) == 5 for steps in outcome["arms"].values())
    descent = outcome["hyper"]["gd"][0]
    assert descent["momentum"] == 0 and descent["lr"] == 1.0
    assert {c["hyper"]["momentum"] for c in asked if not c["options"]["rotated"]} >= {0.0, 0.9}
    assert outcome["arms"]["gd"][0] == pytest.approx(10 * math.log(1e4), rel=0.02)


def test_rotated_valleys_are_asked_rotated():
    _, asked = outcome_of("steps rotated")
    assert {c["options"]["rotated"] for c in asked} == {1}


def test_sign_changes_are_shares_of_the_steps_after_the_first():
    cases, asked = outcome_of("oscillation")
    assert {(c["kappa"], c["rotated"], c["rate"]) for c in cases} == {
        (k, r, rate) for k in (100, 1000) for r in (0, 1) for rate in (0.5, 1.0, 1.5, 1.9)
    }
    fast = next(c for c in cases if c["rate"] == 1.9 and not c["rotated"])
    assert fast["steepest"] == pytest.approx(1) and fast["overall"] == 0.25
    assert all(c["steepest"] is None for c in cases if c["rotated"])


def test_the_threshold_brackets_two():
    rows, _ = outcome_of("threshold")
    assert [row["rate"] for row in rows if row["diverged"]] == [2.02, 2.1, 3.0]


def test_a_path_begins_at_the_start_and_has_every_step():
    outcome, asked = outcome_of("path quadratic")
    sgd = outcome["arms"]["sgd"]
    assert sgd["lr"] == 1.0 and sgd["path"][0] == [2.0, 2.0] and len(sgd["path"]) == outcome["steps"] + 1
    assert {c["size"] for c in asked} == {"plane"}
