"""The Python package of this project over NumPy's arrays; found through PYTHONPATH."""

import steplab

from bench.peers import rules
from bench.peers.peer import Peer as _Peer


def _optimizer(rule, values, threads):
    if rule == "sgdm":
        return steplab.SGD(values, lr=rules.LR[rule], momentum=rules.MOMENTUM, threads=threads)
    moments = {"beta1": rules.BETA1, "beta2": rules.BETA2, "eps": rules.EPS}
    if rule == "adam":
        return steplab.Adam(values, lr=rules.LR[rule], **moments, threads=threads)
    return steplab.AdamW(
        values, lr=rules.LR[rule], **moments, weight_decay=rules.WEIGHT_DECAY, threads=threads
    )


class Peer(_Peer):
    title = "steplab on arrays"
    rules = rules.ALL

    @classmethod
    def version(cls):
        return steplab.__version__

    def __init__(self, rule, values, threads):
        self._values = values
        self._optimizer = _optimizer(rule, values, threads)

    def set_gradients(self, gradients):
        self._gradients = gradients

    def step(self):
        self._optimizer.step(self._gradients)

    def values(self):
        return self._values

    def state_bytes(self):
        return self._optimizer.bytes()["state"]
