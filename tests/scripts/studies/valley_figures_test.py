"""Figures of valleys, scales, learning rates and batch sizes: data that JSON can hold, and its drawing."""

import json
import math

import pytest

from steplab_study.figures import (
    batch_size,
    condition_number,
    lr_sensitivity,
    scale_ratio,
    valley_trajectories,
)

KAPPAS = [10, 100, 1000, 3000, 10_000]
STEPS = {
    "kappas": KAPPAS,
    "arms": {"gd": [*KAPPAS], "momentum": [k**0.5 for k in KAPPAS], "momentum_0.9": [math.inf, 9, 9, 30, 90]},
}
PATH = {"lr": 0.1, "path": [[-1.0, 1.0], [0.5, 0.5], [0.9, 0.8]], "final": 0.1}
ARM = {
    "points": [-3, -2, -1, 0],
    "rates": [0.18, 0.32, 0.56, 1.0],
    "losses": [[2.0, 2.1], [1.0, 1.01], [1.2, 1.3], [math.inf, 9.0]],
}
QUADRATIC = {"workload": "quadratic", "options": {"kappa": 20}, "steps": 2, "arms": {"sgd": PATH}}
INF = math.inf
OUTCOMES = {
    "valley": {
        "steps aligned": STEPS,
        "steps rotated": STEPS,
        "path quadratic": QUADRATIC,
        "path rosenbrock": {"workload": "rosenbrock", "options": {}, "steps": 2, "arms": {"adam": PATH}},
    },
    "scale_ratio": {
        f"both, {frame}": {
            "way": "both",
            "frame": frame,
            "ratios": [1, 10, 100, 1000],
            "horizons": [400] * 4,
            "arms": {"sgd_momentum": [10.0, 30.0, INF, INF], "adam": [10.0, INF, 20.0, INF]},
        }
        for frame in ("aligned", "rotated")
    },
    "lr_sensitivity": {
        "mlp/small": {"problem": "mlp/small", "steps": 300, "arms": {"sgd": ARM, "adam": ARM}}
    },
    "batch_size": {
        "mlp/small, sgd": {
            "problem": "mlp/small",
            "arm": "sgd",
            "batches": [8, 64],
            "best": [[0.1, 0.12], [0.3, None]],
        }
    },
}


class Evidence:
    def __init__(self, outcomes):
        self.outcomes = lambda name: outcomes.get(name, {})


FIGURES = (valley_trajectories, condition_number, scale_ratio, lr_sensitivity, batch_size)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda f: f.name)
def test_data_is_plain_json_and_can_be_drawn(figure):
    data = figure.collect(Evidence(OUTCOMES))
    read = json.loads(json.dumps(data, allow_nan=False))
    figure.draw(read).draw_without_rendering()


@pytest.mark.parametrize("figure", FIGURES, ids=lambda f: f.name)
def test_without_outcomes_there_is_no_figure(figure):
    assert figure.collect(Evidence({})) is None


def test_an_optimizer_that_did_not_arrive_is_drawn_as_a_bound():
    points = scale_ratio.collect(Evidence(OUTCOMES))["series"][0]["points"]
    assert [(p["ratio"], p["bound"]) for p in points] == [(1, None), (10, "at most"), (100, "at least")]
    assert points[1]["quotient"] == 30 / 400 and points[2]["quotient"] == 400 / 20


def test_the_band_of_the_mean_curve_is_shown_beside_the_seeds():
    arm = lr_sensitivity.collect(Evidence(OUTCOMES))["problems"][0]["arms"]["sgd"]
    assert arm["band"][0] < 0.32 < arm["band"][1] < 0.56
    assert [p["rate"] for p in arm["points"]] == [0.18, 0.32, 0.56]  # at 1.0 a seed diverged
