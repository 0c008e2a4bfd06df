"""What the peers over PyTorch tensors share: parameters, gradients, and the state in opt.state."""

import torch
from torch.utils._python_dispatch import is_traceable_wrapper_subclass

from bench.peers import rules
from bench.peers.peer import Peer

_CLASSES = {"sgdm": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}


def hyper(rule):
    """The arguments of torch.optim's classes, and of those that follow them."""
    if rule == "sgdm":
        return {"lr": rules.LR[rule], "momentum": rules.MOMENTUM}
    decay = rules.WEIGHT_DECAY if rule == "adamw" else 0.0
    return {"lr": rules.LR[rule], "betas": rules.BETAS, "eps": rules.EPS, "weight_decay": decay}


def _tensors_in(what):
    """Those that have memory of their own: of a wrapper around several (8-bit codes and scales), its
    parts."""
    if is_traceable_wrapper_subclass(what):
        for name in what.__tensor_flatten__()[0]:
            yield from _tensors_in(getattr(what, name))
    elif isinstance(what, torch.Tensor):
        yield what
    elif isinstance(what, dict):
        for each in what.values():
            yield from _tensors_in(each)
    elif isinstance(what, (list, tuple)):
        for each in what:
            yield from _tensors_in(each)


class TorchPeer(Peer):
    """`options`: what the form of torch.optim is asked for by."""

    package = "torch"
    rules = rules.ALL
    options: dict[str, bool] = {}

    @classmethod
    def prepared(cls, threads):
        torch.set_num_threads(threads)
        return cls

    def __init__(self, rule, values, threads):
        # in memory of PyTorch's own, as a model's are
        self._parameters = [torch.nn.Parameter(torch.from_numpy(value).clone()) for value in values]
        self.optimizer = self.make(rule)
        self.step = self.optimizer.step

    def make(self, rule):
        """The optimizer over self._parameters."""
        return _CLASSES[rule](self._parameters, **hyper(rule), **self.options)

    def set_gradients(self, gradients):
        for parameter, gradient in zip(self._parameters, gradients):
            parameter.grad = torch.from_numpy(gradient).clone()

    def values(self):
        return [parameter.detach().numpy() for parameter in self._parameters]

    def state_bytes(self):
        """Each storage once, whatever views of it there are."""
        storages = {}
        for tensor in _tensors_in(list(self.optimizer.state.values())):
            storages[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return sum(storages.values())
