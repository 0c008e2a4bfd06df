"""torch.optim as it comes: on CPUs a loop over tensors, each operation a pass of its own, in place.

Decay shrinks the parameter of before the step; eps is added to √v / √(1 − β₂ᵗ).
"""

from bench.peers._torch import TorchPeer


class Peer(TorchPeer):
    title = "torch"
