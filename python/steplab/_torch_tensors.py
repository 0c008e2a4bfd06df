"""What steplab.torch needs to know of PyTorch's tensors: which it takes, and how they and plain memory
meet."""

from __future__ import annotations

import torch

from steplab._steplab import InvalidArgument, Memory, TensorImpl


def _describe(tensor: torch.Tensor) -> str | None:
    """Why a tensor cannot be stepped, or None."""
    if isinstance(tensor, torch.nn.parameter.UninitializedTensorMixin):
        return "is not initialized yet"
    if tensor.layout != torch.strided:
        return f"has layout {tensor.layout}"
    if tensor.device.type != "cpu":
        return f"is on device {tensor.device}"
    if tensor.dtype != torch.float32:
        return f"is {tensor.dtype}"
    return None


def check(tensor: torch.Tensor, what: str) -> None:
    if (problem := _describe(tensor)) is not None:
        raise InvalidArgument(f"{what} {problem}; accepted: dense torch.float32 tensors in CPU memory")


@torch.no_grad()
def relayout(
    name: str, shape: tuple[int, ...], strides: tuple[int, ...], gradient: torch.Tensor
) -> torch.Tensor:
    """A gradient that cannot be used as it lies, in its parameter's layout."""
    check(gradient, f"the gradient of parameter '{name}'")
    if tuple(gradient.shape) != shape:
        raise InvalidArgument(
            f"the gradient of parameter '{name}' has shape {tuple(gradient.shape)}; accepted: {shape}"
        )
    return torch.empty_strided(shape, strides, dtype=torch.float32).copy_(gradient)


def _written(tensors: list[torch.Tensor]) -> None:
    for tensor in tensors:
        torch.autograd.graph.increment_version(tensor)


def _takes_lists() -> bool:
    try:
        torch._C._increment_version([])
    except (TypeError, RuntimeError):  # PyTorch 2.1 to 2.4 raise RuntimeError.
        return False
    return True


# Older releases take one tensor at a time.
increment = torch._C._increment_version if _takes_lists() else _written


def _places() -> TensorImpl | None:
    """Where this release of PyTorch keeps the address of a tensor."""
    flat = torch.zeros(4099, dtype=torch.float32, device="cpu")
    bent = torch.ones(3, 5, dtype=torch.float32, device="cpu").t()[1:]
    foreign = torch.frombuffer(bytearray(40), dtype=torch.float32)
    try:
        return TensorImpl.learn([flat[1021:], flat, bent, foreign])
    except (AttributeError, RuntimeError, TypeError):
        return None


places = _places()


def tensor_over(memory: Memory | None) -> torch.Tensor:
    """Memory of the optimizer's, flat; an empty one has no address to give."""
    view = memoryview(memory)
    return (
        torch.frombuffer(memory, dtype=torch.float32)
        if view.nbytes > 0
        else torch.empty(0, dtype=torch.float32)
    )
