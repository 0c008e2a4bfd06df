"""The numbers that values and gradients are made of, bit for bit those of numbers.hpp.

x = i·2654435761 + seed·0x9E3779B9 (mod 2³²) at place i of the whole list, mixed as MurmurHash3 does; u is its
upper 24 bits as a fraction. Values are 2u − 1, gradients 0.01·(2u − 1) in float32.
"""

import numpy as np

ALIGNMENT = 64
CHUNK = 1 << 18
_ALL = 0xFFFFFFFF


def _mixed(first, count, seed):
    x = np.arange(first, first + count, dtype=np.uint64).astype(np.uint32)
    x *= np.uint32(2654435761)
    x += np.uint32(seed * 0x9E3779B9 & _ALL)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x85EBCA6B)
    x ^= x >> np.uint32(13)
    x *= np.uint32(0xC2B2AE35)
    x ^= x >> np.uint32(16)
    return x


def _symmetric(first, count, seed):
    u = (_mixed(first, count, seed) >> np.uint32(8)).astype(np.float32) * np.float32(2**-24)
    return np.float32(2) * u - np.float32(1)


def aligned(count):
    """Uninitialised float32 numbers on a cache line."""
    floats = ALIGNMENT // 4
    memory = np.empty(count + floats, np.float32)
    skipped = -memory.ctypes.data % ALIGNMENT // 4
    return memory[skipped : skipped + count]


def _fill(arrays, seed, scale):
    place = 0
    for array in arrays:
        for begin in range(0, array.size, CHUNK):
            part = array[begin : begin + CHUNK]
            np.multiply(_symmetric(place + begin, part.size, seed), np.float32(scale), out=part)
        place += array.size
    return arrays


def values(tensors, seed):
    """One aligned array for each count."""
    return _fill([aligned(n) for n in tensors], seed, 1)


def gradients(tensors, seed):
    return _fill([aligned(n) for n in tensors], seed, 0.01)
