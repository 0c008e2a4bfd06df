"""Bitsandbytes' 8-bit optimizers (Dettmers et al.

2022): moments as 8-bit codes in blocks of 256. Tensors below 4096 elements keep float32 moments. Each
step unpacks, updates and packs again.
"""

from bench.peers._bitsandbytes import BitsandbytesPeer


class Peer(BitsandbytesPeer):
    title = "bitsandbytes 8-bit"
    differs = "moments are rounded to 8 bits"
    bits = 8
