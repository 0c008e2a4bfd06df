"""Torchao's 8-bit Adam and AdamW: moments as 8-bit codes in blocks of 256, a step compiled by Inductor.

Tensors below 4096 elements, or whose size is no multiple of 256, keep float32 moments. Each shape is
compiled in the preparation. Decay shrinks the parameter of before the step; eps is added to √v / √(1 −
β₂ᵗ). There is no SGD.
"""

from torchao.optim import Adam8bit, AdamW8bit

from bench.peers import rules
from bench.peers._torchao import TorchaoPeer


class Peer(TorchaoPeer):
    title = "torchao 8-bit"
    differs = "moments are rounded to 8 bits"
    rules = rules.ADAMS
    classes = {"adam": Adam8bit, "adamw": AdamW8bit}
