"""The figures of these studies, drawn from made-up trials."""

import json
from types import SimpleNamespace

import bias_correction_test
import decay_test
import pytest
import resume_test
import updates_test
from plans import context, drive

from steplab_study import figures, studies
from steplab_study.figures import style

ANSWERS = {
    "bias_correction": bias_correction_test.answer,
    "decay": decay_test.best_at(1e-3),
    "resume": resume_test.answer,
}


def _outcomes(name):
    plans = studies.named(name).plans(context("standard"))
    if name == "updates":
        return {key: drive(plans[key], updates_test.transcribed)[0] for key in ("decay_share", "scale")}
    return {key: drive(plan, ANSWERS[name])[0] for key, plan in plans.items()}


@pytest.mark.parametrize("name", ["decay_share", "bias_correction", "decay_heat_map", "resume"])
def test_a_figure_is_drawn_and_its_data_is_strict_json(name, tmp_path):
    figure = figures.named(name)
    data = figure.collect(SimpleNamespace(outcomes=_outcomes))
    style.write(figure.draw(data), data, tmp_path / name)
    assert (tmp_path / f"{name}.svg").stat().st_size > 5000
    assert json.loads((tmp_path / f"{name}.json").read_text())["unit"] == data["unit"]


@pytest.mark.parametrize("name", ["decay_share", "bias_correction", "decay_heat_map", "resume"])
def test_without_results_there_is_no_figure(name):
    assert figures.named(name).collect(SimpleNamespace(outcomes=lambda _: {})) is None
