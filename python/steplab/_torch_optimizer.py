"""What steplab.torch's optimizers share: PyTorch's bookkeeping over an optimizer of the extension's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch.optim.optimizer import _global_optimizer_post_hooks, _global_optimizer_pre_hooks

from steplab._steplab import InvalidArgument, TorchStep
from steplab._torch_state import Counter, Entry, Mark, State
from steplab._torch_tensors import check, increment, places, relayout, tensor_over


class Optimizer(torch.optim.Optimizer):
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

    # Hooks and profiler are looked after here: PyTorch's wrapper takes longer than a small step.
    step.hooked = True

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
            check(tensor, f"parameter '{name}'")
        core = TorchStep(self._rule_of(), self._options, relayout, increment, places)
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
            check(tensor, f"parameter '{name}'")
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
        shown = []
        if self._counts:
            step = tensor_over(self._core.step_memory(index)).reshape(())
            entry._counter = Counter(step, step.data_ptr(), self._core, index)
            dict.__setitem__(entry, "step", step)
            shown.append(step)
        for key, slot in self._slots.items():
            memory = self._core.state(index, slot)
            if memory is not None:
                view = tensor_over(memory).as_strided(tensor.shape, tensor.stride())
                dict.__setitem__(entry, key, view)
                shown.append(view)
        self._core.set_shown(index, shown)
