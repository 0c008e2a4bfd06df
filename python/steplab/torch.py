"""Drop-ins for torch.optim's SGD, Adam and AdamW, for dense float32 parameters in CPU memory.

    from steplab.torch import AdamW
    opt = AdamW(model.parameters(), lr=1e-3)

Everything of torch.optim's works: parameter groups, closures, schedulers, hooks, missing gradients, and
state_dict/load_state_dict in exchange with torch.optim's own. State is in opt.state[p] under PyTorch's keys,
as views of the optimizer's memory. Values and gradients are read where they lie at each step, in any dense
order of axes (such as channels_last); a gradient in another order is copied first. What differs, on purpose:

- moments are computed as m + (1−β)(g − m), with less rounding error than PyTorch's: bits differ;
- a gradient of 2**64 or more makes v infinite, then NaN, and p with it: loud, where PyTorch's v (from larger
  gradients on) stays infinite and its p silently stops moving;
- step counts are exact beyond 2**24, where PyTorch's float32 counter stays.

foreach and fused are accepted and change nothing: a step is fused here. capturable and differentiable are
refused, as are half-precision, double, complex, sparse and GPU tensors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch.optim.optimizer import _global_optimizer_post_hooks, _global_optimizer_pre_hooks

from steplab._steplab import InvalidArgument, Memory, TorchStep
from steplab._torch_state import Entry, Mark, State


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


def _check(tensor: torch.Tensor, what: str) -> None:
    if (problem := _describe(tensor)) is not None:
        raise InvalidArgument(f"{what} {problem}; accepted: dense torch.float32 tensors in CPU memory")


@torch.no_grad()
def _relayout(
    name: str, shape: tuple[int, ...], strides: tuple[int, ...], gradient: torch.Tensor
) -> torch.Tensor:
    """A gradient that cannot be used as it lies, in its parameter's layout."""
    _check(gradient, f"the gradient of parameter '{name}'")
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
    except TypeError:
        return False
    return True


# Older releases take one tensor at a time.
_increment = torch._C._increment_version if _takes_lists() else _written


def _tensor(memory: Memory | None) -> torch.Tensor:
    """Memory of the optimizer's, flat; an empty one has no address to give."""
    view = memoryview(memory)
    return (
        torch.frombuffer(memory, dtype=torch.float32)
        if view.nbytes > 0
        else torch.empty(0, dtype=torch.float32)
    )


class _Optimizer(torch.optim.Optimizer):
    """What the three share: PyTorch's bookkeeping in front, one call into the extension for a step."""

    _rule: str
    _slots: dict[str, str]  # PyTorch's key of a state tensor: the library's name
    _counts = True  # whether "step" is in the state

    def __init__(
        self, params: Any, defaults: dict[str, Any], variant: str | None, threads: int | None
    ) -> None:
        self._prepare({"preset": "pytorch", "variant": variant, "threads": threads})
        super().__init__(params, defaults)
        self._attach()

    def _prepare(self, options: dict[str, Any]) -> None:
        self._options = options
        self._mark = Mark()
        self._core: TorchStep | None = None
        self._state = State(self._mark, {})

    # ---- steps
    def _bare_step(self, closure: Callable[[], Any] | None = None) -> Any:
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        if self._mark.stale:
            self._attach()
        outcome = self._core.step(self.param_groups)
        if outcome < 0:
            self._attach()
            outcome = self._core.step(self.param_groups)
            if outcome < 0:
                raise RuntimeError("the parameters changed while a step looked at them")
        if outcome > 0:
            tensors = self._tensors()
            for index in self._core.take_created():
                self._publish(index, tensors[index])
        return loss

    _observed_step = torch.optim.Optimizer.profile_hook_step(_bare_step)

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Updates every parameter that has a gradient; returns what the closure, if any, returned.

        Raises InvalidArgument (a ValueError) for hyperparameters, parameters or gradients that are not
        accepted; nothing has changed then.
        """
        if (
            self._optimizer_step_pre_hooks
            or self._optimizer_step_post_hooks
            or _global_optimizer_pre_hooks
            or _global_optimizer_post_hooks
            or torch.autograd.profiler._is_profiler_enabled
        ):
            return self._observed_step(closure)
        return self._bare_step(closure)

    step.hooked = (
        True  # hooks and profiler are looked after here: PyTorch's wrapper takes longer than a small step
    )

    # ---- between steps
    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Adds a group, as torch.optim's does; nothing is added when it is refused."""
        super().add_param_group(param_group)
        if self._core is None:  # the constructor attaches all groups at once
            return
        try:
            self._extend(self.param_groups[-1])
        except BaseException:
            self.param_groups.pop()
            self._mark.stale = True
            raise

    @property
    def state(self) -> State:
        """The state of each parameter under PyTorch's keys, current at any time."""
        return self._state

    @state.setter
    def state(self, value: dict) -> None:
        self._state = State(self._mark, value)
        self._mark.stale = True

    def state_dict(self) -> dict[str, Any]:
        """As torch.optim's, which can load it; the tensors are views of the optimizer's memory, as
        PyTorch's are.

        A step count that float32 cannot hold is a float64 tensor.
        """
        if self._mark.stale:
            self._attach()
        result = super().state_dict()
        result["state"] = {
            key: self._plain_entry(entry) if isinstance(entry, Entry) else entry
            for key, entry in result["state"].items()
        }
        return result

    @staticmethod
    def _plain_entry(entry: Entry) -> dict[str, Any]:
        plain = dict(entry)
        if "step" in plain and plain["step"] >= 2**24:
            plain["step"] = torch.tensor(float(entry.count()), dtype=torch.float64)
        return plain

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Loads what state_dict, this one or torch.optim's, returned.

        What is refused changes nothing.
        """
        before = self.param_groups, self._state, self._mark.stale
        try:
            super().load_state_dict(state_dict)
        except BaseException:
            self.param_groups, self._state, self._mark.stale = before
            raise

    def __getstate__(self) -> dict[str, Any]:
        return super().__getstate__() | {"state": self._state.plain(), "_options": self._options}

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        entries = state.pop("state", {})
        if "_options" not in self.__dict__:
            self._prepare(state.pop("_options"))
        super().__setstate__(state)
        for group in self.param_groups:
            for name, default in self._later_defaults.items():
                group.setdefault(name, default)
        self.state = entries
        self._attach()

    _later_defaults = {"maximize": False, "foreach": None, "differentiable": False, "fused": None}

    # ---- the extension's optimizer
    def _tensors(self) -> list[torch.Tensor]:
        return [tensor for group in self.param_groups for tensor in group["params"]]

    def _names(self) -> list[str]:
        """Names of all parameters, for errors: those given, or else their numbers."""
        names = [name for group in self.param_groups for name in group.get("param_names", ())]
        tensors = self._tensors()
        if len(names) != len(tensors) or len(set(names)) != len(names):
            return [str(index) for index in range(len(tensors))]
        return names

    def _check_group(self, group: dict[str, Any]) -> None:
        for option in ("differentiable", "capturable"):
            if group.get(option):
                raise InvalidArgument(f"{option} is {group[option]}; accepted: False")

    def _rule_of(self) -> str:
        return self._rule

    @torch.no_grad()
    def _attach(self) -> None:
        """Makes the extension's optimizer for the groups and the state of now; on an error nothing has
        changed."""
        names, tensors = self._names(), self._tensors()
        for name, tensor in zip(names, tensors):
            _check(tensor, f"parameter '{name}'")
        core = TorchStep(self._rule_of(), self._options, _relayout, _increment)
        first = 0
        for group in self.param_groups:
            self._check_group(group)
            last = first + len(group["params"])
            core.add_group(group, names[first:last])
            first = last
        filled = [
            index for index, tensor in enumerate(tensors) if self._load(core, index, tensor, names[index])
        ]
        self._core = core
        for index in filled:
            self._publish(index, tensors[index])
        self._mark.stale = False

    def _extend(self, group: dict[str, Any]) -> None:
        """Attaches one more group; what is there stays where it is."""
        if self._mark.stale or any(dict.get(self._state, tensor) for tensor in group["params"]):
            self._attach()
            return
        first = len(self._tensors()) - len(group["params"])
        names = self._names()[first:]
        for name, tensor in zip(names, group["params"]):
            _check(tensor, f"parameter '{name}'")
        self._check_group(group)
        self._rule_of()
        self._core.add_group(group, names)

    def _load(self, core: TorchStep, index: int, tensor: torch.Tensor, name: str) -> bool:
        """Copies a parameter's state into the extension's optimizer, if there is any."""
        entry = self._state.get(tensor) or {}
        given = {key: entry[key] for key in self._slots if entry.get(key) is not None}
        if not given:
            return False
        missing = [key for key in self._needed() if key not in entry]
        if missing:
            raise InvalidArgument(
                f"the state of parameter '{name}' has {', '.join(given)}, but no {', '.join(missing)}"
            )
        for key, value in given.items():
            if value.shape != tensor.shape:
                raise InvalidArgument(
                    f"the state '{key}' of parameter '{name}' has shape {tuple(value.shape)}; "
                    f"accepted: {tuple(tensor.shape)}"
                )
            copy = torch.empty_strided(tensor.shape, tensor.stride(), dtype=torch.float32).copy_(value)
            core.set_state(index, self._slots[key], copy.as_strided((copy.numel(),), (1,)))
        if self._counts:
            count = entry.count()
            if not (count >= 0 and count == int(count)):
                raise InvalidArgument(
                    f"the step of parameter '{name}' is {count}; accepted: 0 or a whole number above"
                )
            core.set_step_count(index, int(count))
        return True

    def _needed(self) -> tuple[str, ...]:
        """Keys that come together."""
        return ("step", "exp_avg", "exp_avg_sq")

    def _publish(self, index: int, tensor: torch.Tensor) -> None:
        """Puts views of a parameter's state into opt.state, past its notes."""
        entry = dict.get(self._state, tensor)
        if entry is None:
            entry = Entry(self._mark)
            dict.__setitem__(self._state, tensor, entry)
        if self._counts:
            step = _tensor(self._core.step_memory(index)).reshape(())
            entry._counter = (step, self._core, index)
            dict.__setitem__(entry, "step", step)
        for key, slot in self._slots.items():
            memory = self._core.state(index, slot)
            if memory is not None:
                view = _tensor(memory).as_strided(tensor.shape, tensor.stride())
                dict.__setitem__(entry, key, view)


class SGD(_Optimizer):
    """torch.optim.SGD, with its arguments and defaults; also the library's variant ("xsimd/tbb") and
    threads."""

    _rule = "sgd"
    _slots = {"momentum_buffer": "velocity"}
    _counts = False
    _later_defaults = _Optimizer._later_defaults | {"nesterov": False}

    def __init__(
        self,
        params: Iterable[torch.Tensor] | Iterable[dict[str, Any]] | Iterable[tuple[str, torch.Tensor]],
        lr: float | torch.Tensor = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
        variant: str | None = None,
        threads: int | None = None,
    ) -> None:
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
            "foreach": foreach,
            "differentiable": differentiable,
            "fused": fused,
        }
        super().__init__(params, defaults, variant, threads)

    def _needed(self) -> tuple[str, ...]:
        return ()


class Adam(_Optimizer):
    """torch.optim.Adam, with its arguments and defaults; also the library's variant ("xsimd/tbb") and
    threads."""

    _rule = "adam"
    _slots = {"exp_avg": "m", "exp_avg_sq": "v", "max_exp_avg_sq": "v_max"}
    _decoupled = False
    _later_defaults = _Optimizer._later_defaults | {"amsgrad": False, "capturable": False}

    def __init__(
        self,
        params: Iterable[torch.Tensor] | Iterable[dict[str, Any]] | Iterable[tuple[str, torch.Tensor]],
        lr: float | torch.Tensor = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        decoupled_weight_decay: bool = False,
        variant: str | None = None,
        threads: int | None = None,
    ) -> None:
        defaults = {
            "lr": lr,
            "betas": tuple(float(beta) for beta in betas),
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "differentiable": differentiable,
            "fused": fused,
            "decoupled_weight_decay": decoupled_weight_decay,
        }
        super().__init__(params, defaults, variant, threads)

    def _rule_of(self) -> str:
        decoupled = {bool(group.get("decoupled_weight_decay", False)) for group in self.param_groups}
        if len(decoupled) > 1:
            raise InvalidArgument(
                "decoupled_weight_decay is True in some groups and False in others; accepted: the same in all"
            )
        return "adamw" if True in decoupled else "adam"


class AdamW(Adam):
    """torch.optim.AdamW, with its arguments and defaults; also the library's variant ("xsimd/tbb") and
    threads."""

    def __init__(
        self,
        params: Iterable[torch.Tensor] | Iterable[dict[str, Any]] | Iterable[tuple[str, torch.Tensor]],
        lr: float | torch.Tensor = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        variant: str | None = None,
        threads: int | None = None,
    ) -> None:
        super().__init__(
            params,
            lr,
            betas,
            eps,
            weight_decay,
            amsgrad,
            foreach=foreach,
            maximize=maximize,
            capturable=capturable,
            differentiable=differentiable,
            fused=fused,
            decoupled_weight_decay=True,
            variant=variant,
            threads=threads,
        )

    def _rule_of(self) -> str:
        for group in self.param_groups:  # as PyTorch: also where an older state_dict does not say it
            group["decoupled_weight_decay"] = True
        return "adamw"
