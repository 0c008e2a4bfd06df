"""Torchao's AdamW with float32 moments, which it has for tests and research: a step compiled by Inductor.

Rules as in torchao_8bit. There is no Adam and no SGD.
"""

from torchao.optim import _AdamW

from bench.peers._torchao import TorchaoPeer


class Peer(TorchaoPeer):
    title = "torchao 32-bit"
    rules = ("adamw",)
    classes = {"adamw": _AdamW}
