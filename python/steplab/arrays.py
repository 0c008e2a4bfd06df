"""SGD, Adam and AdamW over lists of arrays.

A parameter is a dense, writable float32 array in CPU memory: of NumPy, or a PyTorch tensor, or of any
program that offers the buffer protocol or DLPack. Steps write to it in place. Gradients have its shape;
one that lies in another order of axes is copied into the parameter's first. Names, defaults and errors
are the C++ library's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Literal, Unpack

import numpy as np
from numpy.lib.stride_tricks import as_strided

from steplab._steplab import ArrayOptimizer, InvalidArgument
from steplab.options import Options, StepResult

Array = Any
Params = Sequence[Array] | Mapping[str, Array]


def _named(params: Params, first: int) -> list[tuple[str, Array]]:
    if isinstance(params, Mapping):
        return list(params.items())
    if hasattr(params, "shape"):
        raise InvalidArgument(
            "params is one array; accepted: a list of arrays, or a dictionary of them by name"
        )
    return [(str(first + k), array) for k, array in enumerate(params)]


def _empty(shape: tuple[int, ...], strides: tuple[int, ...]) -> np.ndarray:
    """An array that lies in memory as a parameter does; strides in elements."""
    flat = np.empty(int(np.prod(shape, dtype=np.int64)), np.float32)
    return as_strided(flat, shape, [4 * stride for stride in strides])


def _relayout(name: str, shape: tuple[int, ...], strides: tuple[int, ...], gradient: Array) -> np.ndarray:
    """A gradient that cannot be used as it lies, in its parameter's layout."""
    array = np.asarray(gradient)
    if array.dtype != np.float32 or array.shape != shape:
        raise InvalidArgument(
            f"the gradient of parameter '{name}' is {array.dtype} of shape {array.shape}; "
            f"accepted: float32 of shape {shape}"
        )
    copy = _empty(shape, strides)
    copy[...] = array
    return copy


def _refuse_relayout(name: str, shape: tuple[int, ...], strides: tuple[int, ...], gradient: Array) -> None:
    raise InvalidArgument(
        f"the gradient of parameter '{name}' cannot be zeroed where it lies (zero_gradients); accepted: "
        f"writable float32 of shape {shape} and strides {strides} elements"
    )


class Optimizer:
    """What SGD, Adam and AdamW share.

    One thread at a time may use an optimizer; steps release the GIL.
    """

    _rule: str

    def __init__(self, params: Params, hyper: dict[str, Any], options: Options) -> None:
        relayout = _refuse_relayout if options.get("zero_gradients") else _relayout
        self._core = ArrayOptimizer(self._rule, dict(options), relayout)
        self._core.add_group(_named(params, 0), hyper)

    def add_group(self, params: Params, **hyper: float) -> int:
        """Adds parameters with hyperparameters of their own; the rule's defaults stand for those not
        given.

        Returns the group's number. Raises InvalidArgument, and adds nothing, for what the constructor
        refuses.
        """
        return self._core.add_group(_named(params, len(self._core)), hyper)

    def step(self, gradients: Sequence[Array | None]) -> StepResult:
        """Updates every parameter that has a gradient.

        `gradients` holds one array for each parameter, in their order, of the same shape; None leaves the
        parameter alone. Gradients are not modified, unless zero_gradients was asked for. Raises
        InvalidArgument for other shapes or types and NonfiniteGradient with on_nonfinite="error"; nothing
        changed then.
        """
        return StepResult(*self._core.step(gradients))

    def __len__(self) -> int:
        """Number of parameters."""
        return len(self._core)

    @property
    def group_count(self) -> int:
        return self._core.group_count()

    def hyper(self, group: int = 0) -> dict[str, float | bool]:
        """The hyperparameters of a group, by name."""
        return self._core.hyper(group)

    def set_hyper(self, group: int = 0, **changes: float) -> None:
        """Changes some hyperparameters of a group, or (when one is refused) none."""
        self._core.set_hyper(group, changes)

    def set_lr(self, lr: float, group: int | None = None) -> None:
        """Sets the learning rate of every group, or of one."""
        for each in range(self.group_count) if group is None else [group]:
            self._core.set_hyper(each, {"lr": lr})

    def set_gradient_scale(self, scale: float) -> None:
        """The loss scale of the steps that follow."""
        self._core.set_gradient_scale(scale)

    def set_clip_norm(self, bound: float | None) -> None:
        """The bound on the gradients' norm in the steps that follow."""
        self._core.set_clip_norm(bound)

    def state(self, index: int, slot: str) -> np.ndarray | None:
        """A parameter's state ("velocity"; "m", "v", "v_max"): the optimizer's own memory, in the
        parameter's shape.

        None until an update creates it.
        """
        memory = self._core.state(index, slot)
        if memory is None:
            return None
        shape, strides = self._core.layout(index)
        return as_strided(np.frombuffer(memory, np.float32), shape, [4 * stride for stride in strides])

    def set_state(self, index: int, slot: str, values: Array) -> None:
        """Copies values of the parameter's shape into its state, creating it if needed."""
        shape, strides = self._core.layout(index)
        given = np.asarray(values)
        if given.shape != shape:
            raise InvalidArgument(f"the state given for '{slot}' has shape {given.shape}; accepted: {shape}")
        copy = _empty(shape, strides)
        copy[...] = given
        self._core.set_state(index, slot, as_strided(copy, (copy.size,), (4,)))

    def step_count(self, index: int) -> int:
        """Updates that count for this parameter so far; exact, whatever their number."""
        return self._core.step_count(index)

    def set_step_count(self, index: int, t: int) -> None:
        """Sets the count of a parameter (under a global step count: of all)."""
        self._core.set_step_count(index, t)

    def bytes(self) -> dict[str, int]:
        """Bytes of parameters and state, and of the memory that is reserved for state."""
        return self._core.bytes()

    @property
    def variant(self) -> str:
        """Kernel and schedule in full, such as "xsimd-avx2/tbb"."""
        return self._core.variant

    @property
    def threads(self) -> int:
        return self._core.threads

    def save(
        self, path: str | PathLike[str], *, parameters: bool = True, notes: Mapping[str, str] | None = None
    ) -> None:
        """Writes a checkpoint (safetensors), from which a run goes on bit for bit.

        Raises FileError.         `parameters=False` leaves the values out; `notes` are texts that go with
        it.
        """
        self._core.save(path, parameters, dict(notes or {}))

    def load(
        self,
        path: str | PathLike[str],
        *,
        hyper: Literal["restore", "keep"] = "restore",
        parameters: Literal["restore", "keep"] = "restore",
    ) -> None:
        """Makes this optimizer, and its parameters' values, equal to the saved ones.

        Names, shapes and groups must be the same. Raises FileError for the first difference or damage,
        and has changed nothing then. "keep" leaves hyperparameters, or values, as they are.
        """
        for name, choice in (("hyper", hyper), ("parameters", parameters)):
            if choice not in ("restore", "keep"):
                raise InvalidArgument(f"{name} is '{choice}'; accepted: 'restore', 'keep'")
        self._core.load(path, hyper == "keep", parameters == "keep")


class SGD(Optimizer):
    """Stochastic gradient descent: u ← momentum·u + (1−dampening)·g (first u ← g), p ← p − lr·u.

    With weight_decay, weight_decay·p is added to g; nesterov steps along g + momentum·u; maximize steps
    along −g. Raises InvalidArgument for values that are negative or not finite, for nesterov without
    momentum or with dampening, and for arrays that overlap in memory.
    """

    _rule = "sgd"

    def __init__(
        self,
        params: Params,
        *,
        lr: float = 0.01,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        maximize: bool = False,
        **options: Unpack[Options],
    ) -> None:
        hyper = {"lr": lr, "momentum": momentum, "dampening": dampening, "weight_decay": weight_decay}
        super().__init__(params, hyper | {"nesterov": nesterov, "maximize": maximize}, options)

    @property
    def has_momentum(self) -> bool:
        """Whether any group has momentum."""
        return any(self.hyper(group)["momentum"] != 0 for group in range(self.group_count))


class Adam(Optimizer):
    """Adam (Kingma & Ba 2015): p ← p − lr/(1−beta1ᵗ)·m / (√v/√(1−beta2ᵗ) + eps) with moments m of g and v
    of g².

    weight_decay·p is added to g; amsgrad (Reddi et al. 2018) uses the largest v so far; maximize steps
    along −g. Raises InvalidArgument for values that are negative or not finite, betas outside [0, 1), and
    arrays that overlap in memory.
    """

    _rule = "adam"

    def __init__(
        self,
        params: Params,
        *,
        lr: float = 1e-3,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        maximize: bool = False,
        **options: Unpack[Options],
    ) -> None:
        hyper = {"lr": lr, "beta1": beta1, "beta2": beta2, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, hyper | {"amsgrad": amsgrad, "maximize": maximize}, options)


class AdamW(Adam):
    """AdamW (Loshchilov & Hutter 2019): Adam whose decay, lr·weight_decay·p, never enters the moments.

    By default it shrinks the updated parameter; decay_order="before" (or preset="pytorch") uses the old
    one. Errors as Adam's.
    """

    _rule = "adamw"

    def __init__(
        self,
        params: Params,
        *,
        lr: float = 1e-3,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        maximize: bool = False,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            beta1=beta1,
            beta2=beta2,
            eps=eps,
            weight_decay=weight_decay,
            amsgrad=amsgrad,
            maximize=maximize,
            **options,
        )
