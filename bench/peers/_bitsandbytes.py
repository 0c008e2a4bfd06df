"""What the two bitsandbytes peers share.

Its optimizers on CPUs are a sequence of PyTorch operations on each tensor. eps is added to √v / √(1 −
β₂ᵗ); decay shrinks the parameter of before the step.
"""

import bitsandbytes

from bench.peers import rules
from bench.peers._torch import TorchPeer, hyper

CLASSES = {"sgdm": "SGD", "adam": "Adam", "adamw": "AdamW"}


class BitsandbytesPeer(TorchPeer):
    package = "bitsandbytes"
    rules = rules.ALL
    bits: int

    def make(self, rule):
        optimizer = getattr(bitsandbytes.optim, f"{CLASSES[rule]}{self.bits}bit")
        return optimizer(self._parameters, **hyper(rule))
