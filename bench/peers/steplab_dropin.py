"""steplab.torch, this project's drop-in for torch.optim, over PyTorch's tensors; found through
PYTHONPATH.

PyTorch's rules: as in torch_default.
"""

import steplab.torch

from bench.peers import rules
from bench.peers._torch import TorchPeer, hyper

CLASSES = {"sgdm": steplab.torch.SGD, "adam": steplab.torch.Adam, "adamw": steplab.torch.AdamW}


class Peer(TorchPeer):
    title = "steplab.torch"
    rules = rules.ALL

    @classmethod
    def version(cls):
        return steplab.__version__

    def __init__(self, rule, values, threads):
        self._threads = threads
        super().__init__(rule, values, threads)

    def make(self, rule):
        return CLASSES[rule](self._parameters, **hyper(rule), threads=self._threads)
