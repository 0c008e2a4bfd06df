"""torch.optim's step under torch.compile, as PyTorch's tutorial on compiled optimizers has it.

Inductor fuses the operations on each tensor into one vectorised loop, which computes β₁ᵗ and β₂ᵗ again
for each vector, and puts the loops of all tensors into few functions. Rules as in torch_default.
Compilation is part of the preparation; what was compiled before is taken from the cache.
"""

import torch

from bench.peers._torch import TorchPeer


class Peer(TorchPeer):
    title = "torch compiled"

    def __init__(self, rule, values, threads):
        torch._dynamo.reset()  # or earlier cells count towards the limit beyond which nothing is compiled
        super().__init__(rule, values, threads)
        self.step = torch.compile(self.optimizer.step)
