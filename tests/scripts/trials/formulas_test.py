"""The two transcriptions meet what PyTorch and the teaching form's own program recorded, in float64."""

import json
from pathlib import Path

import numpy as np
import pytest

from steplab_study.trials import formulas

TRACES = Path(__file__).parents[2] / "traces"
FORMS = {
    "torch_sgd": formulas.pytorch,
    "torch_sgd_momentum_decay": formulas.pytorch,
    "torch_adam": formulas.pytorch,
    "torch_adam_decay": formulas.pytorch,
    "torch_adamw": formulas.pytorch,
    "torch_adamw_missing_gradients": formulas.pytorch,
    "global_sgd_momentum": formulas.teaching,
    "global_adam_missing_gradients": formulas.teaching,
    "global_adamw": formulas.teaching,
}


def _read(name):
    """(metadata, {tensor: flat float64 values}) of a trace."""
    data = (TRACES / f"{name}.safetensors").read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8: 8 + size])
    metadata, tensors = header.pop("__metadata__"), {}
    for tensor, entry in header.items():
        begin, end = (8 + size + offset for offset in entry["data_offsets"])
        kind = {"F32": np.float32, "F64": np.float64}[entry["dtype"]]
        tensors[tensor] = np.frombuffer(data[begin:end], kind).astype(np.float64)
    return metadata, tensors


def _run(form, name):
    """The largest difference from the trace after its last step."""
    metadata, tensors = _read(name)
    names, steps = json.loads(metadata["params"]), int(metadata["steps"])
    gradients = [[tensors.get(f"grad/{t}/{p}") for p in names] for t in range(1, steps + 1)]
    initial = [tensors[f"init/{p}"] for p in names]
    ends = form(metadata["rule"], json.loads(metadata["hyper"]), initial, gradients)
    return max(float(np.max(np.abs(end - tensors[f"expect/{steps}/{p}"]))) for p, end in zip(names, ends))


@pytest.mark.parametrize("name", FORMS)
def test_a_transcription_meets_the_recorded_updates(name):
    assert _run(FORMS[name], name) < 1e-12


@pytest.mark.parametrize("name", ["torch_adamw", "torch_adamw_missing_gradients", "global_adamw"])
def test_the_other_transcription_does_not(name):
    other = formulas.teaching if FORMS[name] is formulas.pytorch else formulas.pytorch
    assert _run(other, name) > 1e-8
