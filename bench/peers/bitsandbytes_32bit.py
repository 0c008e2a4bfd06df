"""Bitsandbytes' 32-bit optimizers, whose moments are float32."""

from bench.peers._bitsandbytes import BitsandbytesPeer


class Peer(BitsandbytesPeer):
    title = "bitsandbytes 32-bit"
    bits = 32
