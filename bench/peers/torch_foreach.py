"""torch.optim with foreach=True: each operation over the list of all tensors.

Rules as in torch_default.
"""

from bench.peers._torch import TorchPeer


class Peer(TorchPeer):
    title = "torch foreach"
    options = {"foreach": True}
