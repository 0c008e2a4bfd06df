"""torch.optim with fused=True: one vectorised pass over each tensor.

Rules as in torch_default.
"""

from bench.peers._torch import TorchPeer, hyper, torch_class


class Peer(TorchPeer):
    title = "torch fused"

    def make(self, rule):
        return torch_class(rule)(self._parameters, **hyper(rule), fused=True)
