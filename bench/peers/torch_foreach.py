"""torch.optim with foreach=True: each operation over the list of all tensors.

Rules as in torch_default.
"""

from bench.peers._torch import TorchPeer, hyper, torch_class


class Peer(TorchPeer):
    title = "torch foreach"

    def make(self, rule):
        return torch_class(rule)(self._parameters, **hyper(rule), foreach=True)
