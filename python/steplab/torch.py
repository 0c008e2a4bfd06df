"""Drop-ins for torch.optim's SGD, Adam and AdamW, for dense float32 parameters in CPU memory.

    from steplab.torch import AdamW
    opt = AdamW(model.parameters(), lr=1e-3)

Everything of torch.optim's works: parameter groups, closures, schedulers, hooks, missing gradients, and
state_dict/load_state_dict in exchange with torch.optim's own. State is in opt.state[p] under PyTorch's keys,
as views of the optimizer's memory; tensors put there, or given other memory (as share_memory_() does), are
copied by the next step, and views take their place. Values and gradients are read where they lie at each
step, in any dense order of axes (such as channels_last); a gradient in another order is copied first. What
differs, on purpose:

- moments are computed as m + (1−β)(g − m), with less rounding error than PyTorch's: bits differ;
- a gradient of 2**64 or more makes v infinite, then NaN, and p with it: loud, where PyTorch's v (from larger
  gradients on) stays infinite and its p silently stops moving;
- step counts are exact beyond 2**24, where PyTorch's float32 counter stays.

foreach and fused are accepted and change nothing: a step is fused here. capturable and differentiable are
refused, as are half-precision, double, complex, sparse and GPU tensors.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch

from steplab._steplab import InvalidArgument
from steplab._torch_optimizer import Optimizer

__all__ = ["SGD", "Adam", "AdamW"]


class SGD(Optimizer):
    """torch.optim.SGD, with its arguments and defaults; also the library's variant ("xsimd/tbb") and
    threads."""

    _rule = "sgd"
    _slots = {"momentum_buffer": "velocity"}
    _counts = False
    _later_defaults = Optimizer._later_defaults | {"nesterov": False}

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


class Adam(Optimizer):
    """torch.optim.Adam, with its arguments and defaults; also the library's variant ("xsimd/tbb") and
    threads."""

    _rule = "adam"
    _slots = {"exp_avg": "m", "exp_avg_sq": "v", "max_exp_avg_sq": "v_max"}
    _decoupled = False
    _later_defaults = Optimizer._later_defaults | {"amsgrad": False, "capturable": False}

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
