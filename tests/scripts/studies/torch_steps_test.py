"""Training steps beside PyTorch's: the same model, in turns, and only where PyTorch is."""

from dataclasses import replace

import pytest
from answers import finish

from steplab_study.protocol.profiles import PROFILES
from steplab_study.studies import torch_steps
from steplab_study.studies.torch_steps import FUSED, STEPLAB, TORCH
from steplab_study.trials.configuration import Context

CONTEXT = Context(
    PROFILES["standard"], "0.1.0", "avx2", {}, {"cpu": "c", "digest": "d"}, peers={"torch": "2.4.0"}
)


def answer(config):
    """A step of steplab takes half as long as PyTorch's default, as long as its fused one."""
    if config["kind"] == "train_time":
        done = config["steps"]
        seconds = {"gradient": 0.9e-3 * done, "optimizer": 0.1e-3 * done}
        return {"parameters": 1000, "steps_done": done, "seconds": seconds}
    total = {"default": 2e-3, "fused": 1e-3}[config["optimizer"]]
    return {"parameters": 1000, "seconds": {"total": total}}


def test_both_models_in_three_sizes_with_one_thread_and_the_same_batch():
    plans = torch_steps.plans(CONTEXT)
    assert set(plans) == {f"{m}/{s}" for m in ("mlp", "transformer") for s in ("small", "medium", "large")}
    _, requests = finish(plans["transformer/small"], answer)
    assert len(requests) >= 5
    ours, *theirs = requests[0]
    assert (ours["kind"], ours["rule"], ours["threads"], ours["batch"]) == ("train_time", "adamw", 1, 16)
    assert [(c["optimizer"], c["batch"], c["steps"]) for c in theirs] == [
        ("default", 16, ours["steps"]),
        ("fused", 16, ours["steps"]),
    ]


def test_the_ratio_is_of_whole_steps():
    outcome, _ = finish(torch_steps.plans(CONTEXT)["mlp/small"], answer)
    assert set(outcome["seconds"]) == {STEPLAB, TORCH, FUSED}
    ratios = torch_steps.ratios(outcome)
    assert ratios[TORCH].value == pytest.approx(0.5) and ratios[FUSED].value == pytest.approx(1.0)


def test_another_model_has_no_ratio():
    def larger(config):
        return {**answer(config), "parameters": 1000 if config["kind"] == "train_time" else 1001}

    outcome, _ = finish(torch_steps.plans(CONTEXT)["mlp/small"], larger)
    assert torch_steps.ratios(outcome) == {}


def test_without_torch_or_in_other_workloads_there_is_nothing():
    assert torch_steps.plans(replace(CONTEXT, peers={})) == {}
    assert torch_steps.plans(replace(CONTEXT, only=("cnn",))) == {}
