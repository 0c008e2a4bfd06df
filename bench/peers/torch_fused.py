"""torch.optim with fused=True: one vectorised pass over each tensor.

Rules as in torch_default.
"""

from bench.peers._torch import TorchPeer


class Peer(TorchPeer):
    title = "torch fused"
    options = {"fused": True}
