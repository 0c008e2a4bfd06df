"""How steplab.torch marks tensors as written: stand-ins for PyTorch, so that no release is needed."""

import pathlib
import runpy
import sys
import types
from unittest import mock

import pytest

SOURCE = pathlib.Path(__file__).parents[2] / "python/steplab/_torch_tensors.py"


@pytest.mark.parametrize("error", [None, TypeError, RuntimeError])
def test_every_tensor_is_marked(monkeypatch, error):
    marked = []

    def native(tensors):
        if error is not None:
            raise error("increment_version expect a Tensor as input")
        marked.extend(tensors)

    torch = mock.MagicMock()
    torch._C._increment_version = native
    torch.autograd.graph.increment_version = marked.append
    torch.no_grad = lambda: lambda function: function
    monkeypatch.setitem(sys.modules, "torch", torch)
    core = types.SimpleNamespace(InvalidArgument=ValueError, Memory=object, TensorImpl=mock.MagicMock())
    monkeypatch.setitem(sys.modules, "steplab._steplab", core)
    runpy.run_path(str(SOURCE))["increment"](["first", "second"])
    assert marked == ["first", "second"]
