"""What the two torchao peers share: its optimizers, which compile a step for each shape of tensor."""

import torch

from bench.peers._torch import TorchPeer, hyper


class TorchaoPeer(TorchPeer):
    package = "torchao"
    classes: dict[str, type]

    def __init__(self, rule, values, threads):
        torch._dynamo.reset()  # forgets the code of earlier cells
        super().__init__(rule, values, threads)

    def make(self, rule):
        return self.classes[rule](self._parameters, **hyper(rule))
