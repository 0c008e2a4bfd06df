"""NumPy's form, steplab and PyTorch take turns, and a ratio is of the same round."""

from dataclasses import replace

import pytest
from answers import finish

from steplab_study.protocol.profiles import PROFILES
from steplab_study.studies import numpy_form
from steplab_study.studies.numpy_form import FUSED, NUMPY, STEPLAB, TORCH
from steplab_study.trials.configuration import Context

CONTEXT = Context(PROFILES["quick"], "0.1.0", "avx2", {}, {"cpu": "c", "digest": "d"})
WITH_TORCH = replace(CONTEXT, peers={"torch": "2.4.0"})


def answer(config):
    """Each round is twice as slow as the one before, for everybody; NumPy takes 8 times steplab's
    time."""
    slow = 2.0 ** config["round"] * {"adam_numpy": 8, "adam_steplab": 1, "adam_torch": 2}[config["kind"]]
    one = {"1": {str(n): slow * n for n in config["sizes"]}}
    both = one if config["kind"] == "adam_numpy" else {**one, "2": one["1"]}
    return {"version": "1", "default": both, "fused": both}


def test_rounds_take_each_program_once():
    _, requests = finish(numpy_form.plans(WITH_TORCH)["adam"], answer)
    assert len(requests) >= 5
    assert all([c["kind"] for c in r] == ["adam_numpy", "adam_steplab", "adam_torch"] for r in requests)
    assert {c["round"] for c in requests[3]} == {3}
    assert requests[0][0]["sizes"] == [10**power for power in range(2, 8)]
    assert requests[0][2]["torch"] == "2.4.0"


def test_ratios_are_paired_by_round():
    outcome, _ = finish(numpy_form.plans(WITH_TORCH)["adam"], answer)
    assert set(outcome["seconds"]) == {NUMPY, STEPLAB, TORCH, FUSED}
    found = {(c["form"], c["threads"], c["n"]): c["ratio"] for c in numpy_form.ratios(outcome)}
    assert {form for form, _, _ in found} == {STEPLAB, TORCH, FUSED}
    ratio = found[STEPLAB, 2, 10**4]
    assert (ratio.value, ratio.low, ratio.high) == (pytest.approx(8), pytest.approx(8), pytest.approx(8))
    assert found[FUSED, 1, 100].value == pytest.approx(4)


def test_without_peers_numpy_and_steplab_remain():
    outcome, requests = finish(numpy_form.plans(CONTEXT)["adam"], answer)
    assert {c["kind"] for request in requests for c in request} == {"adam_numpy", "adam_steplab"}
    assert set(outcome["seconds"]) == {NUMPY, STEPLAB}


def test_the_larger_profiles_go_to_1e8_and_smoke_leaves_it_out():
    assert numpy_form.plans(replace(CONTEXT, profile=PROFILES["smoke"])) == {}
    _, requests = finish(numpy_form.plans(replace(CONTEXT, profile=PROFILES["standard"]))["adam"], answer)
    assert requests[0][0]["sizes"][-1] == 10**8
