#!/usr/bin/env python3
"""The installed PyTorch's SGD, Adam and AdamW as the reference for steplab.torch's, over a list of cases.

PYTHONPATH=build/release/python build/peers/bin/python tests/python/torch_cases.py [WORD…]

Runs each case (or those whose names contain all words) with torch.optim and with steplab.torch on the
same data, compares parameters and state, and prints what passed and failed. Exit code 1 if any failed.
The tolerance is float32's: 1e-6 plus 2e-5 of the value, of which PyTorch's own rounding of 1−beta takes
the larger part.
"""

from __future__ import annotations

import copy
import inspect
import io
import sys
from typing import Any, Callable, NamedTuple

import torch

import steplab.torch

ABSOLUTE, RELATIVE = 1e-6, 2e-5
STEPS = 9
Tensors = list[torch.Tensor]


class Case(NamedTuple):
    """Runs `scenario` with the optimizer class of that name; `phases` names where it comes from: 's' is
    steplab."""

    name: str
    optimizer: str
    options: dict[str, Any]
    scenario: Callable[..., dict[str, Any]]
    phases: str


def optimizer_class(case: Case, source: str) -> type:
    return getattr({"s": steplab.torch, "t": torch.optim}[source], case.optimizer)


def parameters(*shapes: tuple[int, ...]) -> Tensors:
    generator = torch.Generator().manual_seed(1)
    return [torch.nn.Parameter(torch.randn(shape, generator=generator)) for shape in shapes]


def give_gradients(
    tensors: Tensors, step: int, absent: Callable[[int, int], bool] = lambda i, step: False
) -> None:
    generator = torch.Generator().manual_seed(100 + step)
    for i, tensor in enumerate(tensors):
        gradient = torch.randn(tensor.shape, generator=generator)
        tensor.grad = None if absent(i, step) else gradient.contiguous(memory_format=torch.preserve_format)


def outcome(tensors: Tensors, optimizer: torch.optim.Optimizer) -> dict[str, Any]:
    result: dict[str, Any] = {f"p{i}": tensor.detach().clone() for i, tensor in enumerate(tensors)}
    for i, tensor in enumerate(tensors):
        for key, value in optimizer.state.get(tensor, {}).items():
            result[f"{key}{i}"] = copy.deepcopy(value)
    return result


# ---- scenarios: (list of optimizer classes by phase, options) -> tensors by name


def shapes(classes, options):
    tensors = parameters((), (1,), (10,), (3, 4), (2, 3, 4, 5), (0,), (3, 0, 2), (1, 5, 1), (3001,))
    optimizer = classes[0](tensors, **options)
    for step in range(STEPS):
        give_gradients(tensors, step)
        optimizer.step()
    return outcome(tensors, optimizer)


def layouts(classes, options):
    tensors = parameters((2, 3, 4, 5), (4, 3), (2, 3, 4, 5, 2))
    tensors[0].data = tensors[0].data.to(memory_format=torch.channels_last)
    tensors[1].data = tensors[1].data.t()
    tensors[2].data = tensors[2].data.permute(3, 0, 4, 2, 1)
    optimizer = classes[0](tensors, **options)
    for step in range(STEPS):
        give_gradients(tensors, step)
        for k, tensor in enumerate(tensors):
            if step % 3 == 0:  # in the values' layout
                tensor.grad = torch.empty_like(tensor).copy_(tensor.grad)
            elif step % 3 == 1 and k == 1:  # not dense
                tensor.grad = torch.full((1, 1), 0.5).expand(tensor.shape)
        optimizer.step()
    result = outcome(tensors, optimizer)
    return result | {f"strides{i}": torch.tensor(tensor.stride()) for i, tensor in enumerate(tensors)}


def missing_gradients(classes, options):
    tensors = parameters((10,), (3, 4), (5,), (7,))
    optimizer = classes[0](tensors, **options)
    for step in range(STEPS):  # one starts late, one never starts
        give_gradients(tensors, step, lambda i, t: i == 3 or (i == 2 and t < 4) or t % (i + 2) == 1)
        optimizer.step()
    return outcome(tensors, optimizer)


def no_gradients(classes, options):
    tensors = parameters((10,), (3, 4))
    optimizer = classes[0](tensors, **options)
    optimizer.step()
    give_gradients(tensors, 0)
    optimizer.step()
    optimizer.zero_grad()
    optimizer.step()
    return outcome(tensors, optimizer)


def groups(classes, options):
    tensors = parameters((10,), (3, 4), (5,), (7,), (8,))
    first = {"params": tensors[:2], "lr": 0.03}
    optimizer = classes[0]([first, {"params": tensors[2:4], "weight_decay": 0.2}, {"params": []}], **options)
    for step in range(STEPS):
        if step == 4:
            optimizer.add_param_group({"params": tensors[4], "lr": 0.05, "maximize": True})
        give_gradients(tensors, step)
        optimizer.step()
    return outcome(tensors, optimizer)


def one_by_one(classes, options):
    """Everything about a group that PyTorch reads in a step changes."""
    tensors = parameters((10,), (3, 4))
    optimizer = classes[0](tensors, **options)
    for step in range(STEPS):
        group = optimizer.param_groups[0]
        group["lr"] = 0.01 * (step % 3)
        group["weight_decay"] = 0.1 * (step % 2)
        group["maximize"] = step == 5
        if "betas" in group:
            group["betas"] = (0.9 - 0.1 * step, 0.99)
            group["eps"] = 10.0 ** -(step + 1)
        else:
            group["momentum"] = 0.1 * step
            group["dampening"] = 0.0 if group["nesterov"] else 0.1
            group["nesterov"] = False if step == 0 else group["nesterov"]
        give_gradients(tensors, step)
        optimizer.step()
    return outcome(tensors, optimizer)


def tensor_lr(classes, options):
    tensors = parameters((10,), (3, 4))
    optimizer = classes[0](tensors, **(options | {"lr": torch.tensor(0.02)}))
    for step in range(STEPS):
        optimizer.param_groups[0]["lr"].mul_(0.9)
        give_gradients(tensors, step)
        optimizer.step()
    return outcome(tensors, optimizer)


def scheduler(make):
    def run(classes, options):
        tensors = parameters((10,), (3, 4))
        optimizer = classes[0](tensors, **options)
        scheduler = make(optimizer)
        for step in range(STEPS):
            give_gradients(tensors, step)
            optimizer.step()
            scheduler.step(*([1.0] if "Plateau" in type(scheduler).__name__ else []))
        return outcome(tensors, optimizer) | {"lr": torch.tensor(float(optimizer.param_groups[0]["lr"]))}

    return run


def exchange(carry):
    """Goes on with an optimizer of the next class, from what `carry` makes of the last one's
    state_dict."""

    def run(classes, options):
        tensors = parameters((10,), (2, 3, 4, 5), (5,))
        tensors[1].data = tensors[1].data.to(memory_format=torch.channels_last)
        optimizer = None
        for phase, each in enumerate(classes):
            following = each(tensors, **options)
            if optimizer is not None:
                following.load_state_dict(carry(optimizer.state_dict()))
            optimizer = following
            for step in range(phase * STEPS, phase * STEPS + STEPS):
                give_gradients(tensors, step, lambda i, t: i == 2 and t < STEPS + 3)
                optimizer.step()
        return outcome(tensors, optimizer)

    return run


def through_file(state_dict):
    file = io.BytesIO()
    torch.save(state_dict, file)
    file.seek(0)
    return torch.load(file, weights_only=True)


def closure(classes, options):
    weight, bias = tensors = parameters((4, 3), (4,))
    optimizer = classes[0](tensors, **options)
    data = torch.randn(16, 3, generator=torch.Generator().manual_seed(2))
    losses = []

    def loss() -> torch.Tensor:
        assert torch.is_grad_enabled()
        optimizer.zero_grad()
        value = (data @ weight.t() + bias).square().mean()
        value.backward()
        return value

    with torch.no_grad():
        for _ in range(STEPS):
            losses.append(optimizer.step(loss).detach())
    return outcome(tensors, optimizer) | {"losses": torch.stack(losses)}


def moving(classes, options):
    """Values and gradients lie elsewhere in each step; two parameters swap their memory."""
    tensors = parameters((10,), (10,), (2000,))
    optimizer = classes[0](tensors, **options)
    for step in range(STEPS):
        give_gradients(tensors, step)
        if step % 2 == 0:
            for tensor in tensors:
                tensor.data = tensor.data.clone()
        if step % 3 == 0:
            tensors[0].data, tensors[1].data = tensors[1].data, tensors[0].data
        optimizer.step()
    return outcome(tensors, optimizer)


def state_edited(classes, options):
    """State that a program writes into, replaces, or takes away."""
    tensors = parameters((10,), (3, 4), (5,))
    optimizer = classes[0](tensors, **options)
    for step in range(STEPS):
        give_gradients(tensors, step)
        optimizer.step()
        state = optimizer.state
        for tensor in tensors:
            for key, value in state[tensor].items():
                if step == 2 and key != "step":
                    value.mul_(0.5)
                if step == 4 and key != "step":
                    state[tensor][key] = value * 2
                if step == 5 and key == "step":
                    value.fill_(2)
        if step == 6:
            del state[tensors[0]]
        if step == 7:
            optimizer.state.clear()
    return outcome(tensors, optimizer)


def copied(classes, options):
    tensors = parameters((10,), (3, 4))
    optimizer = classes[0](tensors, **options)
    for step in range(STEPS):
        if step == 4:
            tensors, optimizer = copy.deepcopy((tensors, optimizer))
        give_gradients(tensors, step)
        optimizer.step()
    return outcome(tensors, optimizer)


def hooks(classes, options):
    tensors = parameters((10,), (3, 4))
    optimizer = classes[0](tensors, **options)
    calls = []
    optimizer.register_step_pre_hook(lambda *_: calls.append(1.0))
    handle = optimizer.register_step_post_hook(lambda *_: calls.append(2.0))
    for step in range(STEPS):
        give_gradients(tensors, step)
        optimizer.step()
        if step == 4:
            handle.remove()
    return outcome(tensors, optimizer) | {"calls": torch.tensor(calls)}


OPTIONS = {
    "SGD": {
        "plain": {"lr": 0.1},
        "momentum": {"lr": 0.1, "momentum": 0.9},
        "dampening": {"lr": 0.1, "momentum": 0.8, "dampening": 0.3},
        "nesterov": {"lr": 0.05, "momentum": 0.9, "nesterov": True},
        "decay": {"lr": 0.1, "weight_decay": 0.1},
        "maximize": {"lr": 0.05, "momentum": 0.5, "weight_decay": 0.01, "maximize": True},
    },
    "Adam": {
        "plain": {"lr": 0.01},
        "decay": {"lr": 0.01, "weight_decay": 0.1},
        "amsgrad": {"lr": 0.01, "amsgrad": True},
        "maximize": {"lr": 0.01, "maximize": True},
        "betas": {"lr": 0.01, "betas": (0.3, 0.4)},
        "betas_zero": {"lr": 0.01, "betas": (0.0, 0.0), "eps": 0.1},
        "eps": {"lr": 0.01, "eps": 0.5},
        "all": {"lr": 0.02, "weight_decay": 0.1, "amsgrad": True, "maximize": True, "betas": (0.8, 0.95)},
    },
}
OPTIONS["AdamW"] = {name: {"weight_decay": 0.05} | options for name, options in OPTIONS["Adam"].items()}
if "decoupled_weight_decay" in inspect.signature(torch.optim.Adam).parameters:  # from 2.7 on
    OPTIONS["Adam"]["decoupled"] = {"lr": 0.01, "weight_decay": 0.1, "decoupled_weight_decay": True}

lr_scheduler = torch.optim.lr_scheduler
SCHEDULERS = {
    "step_lr": lambda o: lr_scheduler.StepLR(o, 2, 0.5),
    "cosine": lambda o: lr_scheduler.CosineAnnealingLR(o, STEPS),
    "one_cycle": lambda o: lr_scheduler.OneCycleLR(o, max_lr=0.1, total_steps=STEPS + 1),
    "lambda": lambda o: lr_scheduler.LambdaLR(o, lambda t: 1 / (1 + t)),
    "warm_up": lambda o: lr_scheduler.LinearLR(o, 0.1, total_iters=4),
    "plateau": lambda o: lr_scheduler.ReduceLROnPlateau(o, patience=1),
}
SCENARIOS = {
    "shapes": shapes,
    "layouts": layouts,
    "missing_gradients": missing_gradients,
    "no_gradients": no_gradients,
    "groups": groups,
    "one_by_one": one_by_one,
    "tensor_lr": tensor_lr,
    "closure": closure,
    "moving": moving,
    "state_edited": state_edited,
    "copied": copied,
    "hooks": hooks,
}
SCENARIOS |= {f"scheduler_{name}": scheduler(make) for name, make in SCHEDULERS.items()}
EXCHANGES = {"exchange": lambda state: state, "exchange_file": through_file, "exchange_copy": copy.deepcopy}


def applies(scenario: str, optimizer: str, options: dict[str, Any]) -> bool:
    if scenario == "scheduler_one_cycle":  # cycles momentum, which must be there
        return optimizer != "SGD" or "momentum" in options
    if scenario == "one_by_one":  # momentum 0 with nesterov is refused here, and is plain SGD there
        return not options.get("nesterov", False)
    return True


def cases() -> list[Case]:
    found = []
    for optimizer, choices in OPTIONS.items():
        for label, options in choices.items():
            for name, scenario in SCENARIOS.items():
                if applies(name, optimizer, options):
                    found.append(Case(f"{optimizer}-{label}-{name}", optimizer, options, scenario, "s"))
            for name, carry in EXCHANGES.items():
                for phases in ("st", "ts", "tst", "ss"):
                    case = f"{optimizer}-{label}-{name}-{phases}"
                    found.append(Case(case, optimizer, options, exchange(carry), phases))
    return found


def difference(ours: Any, theirs: Any) -> float:
    """The largest error over the tolerance, 0 where both are the same."""
    ours, theirs = torch.as_tensor(ours).double(), torch.as_tensor(theirs).double()
    if ours.shape != theirs.shape:
        raise AssertionError(f"shape {tuple(ours.shape)} against {tuple(theirs.shape)}")
    over = (ours - theirs).abs() / (ABSOLUTE + RELATIVE * theirs.abs())
    return float(over.max()) if over.numel() else 0.0


def run(case: Case) -> float:
    """The case's largest error over the tolerance; AssertionError where something is missing or too far
    off."""
    ours = case.scenario([optimizer_class(case, source) for source in case.phases], case.options)
    theirs = case.scenario([optimizer_class(case, "t")] * len(case.phases), case.options)
    if ours.keys() != theirs.keys():
        raise AssertionError(f"has {sorted(ours)}, PyTorch has {sorted(theirs)}")
    worst = 0.0
    for name, value in theirs.items():
        over = difference(ours[name], value)
        if not over <= 1:
            raise AssertionError(f"{name} is off by {over:.3g} times the tolerance")
        worst = max(worst, over)
    return worst


def main(words: list[str]) -> int:
    chosen = [case for case in cases() if all(word in case.name for word in words)]
    failed, worst = 0, 0.0
    for case in chosen:
        try:
            worst = max(worst, run(case))
        except Exception as error:  # whatever it is, the case failed
            failed += 1
            print(f"FAILED {case.name}: {type(error).__name__}: {error}")
    print(
        f"PyTorch {torch.__version__}: {len(chosen) - failed} cases passed, {failed} failed; "
        f"tolerance {ABSOLUTE:g} + {RELATIVE:g} of the value, largest error {worst:.2f} of it"
    )
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
