"""Made-up gradients for `Context.follow`, and what is read off the results: the same numbers on every
machine."""

import math
import random

import numpy as np


def normals(count, seed):
    """`count` draws of a standard normal variable with four significant digits, by Python's own generator."""
    generator = random.Random(seed)
    return [_short(generator.gauss(0, 1)) for _ in range(count)]


def scaled_noise(scales, steps, seed):
    """Gradients of one tensor, by step: zero mean in every coordinate, and in coordinate i of RMS scales[i]
    about."""
    rows = [normals(len(scales), 1000 * seed + step) for step in range(steps)]
    return [[[_short(scale * z) for scale, z in zip(scales, row)]] for row in rows]


def decades(low, high, per_decade=2):
    """Powers of ten from `low` to `high`, `per_decade` of them a decade, with four significant digits."""
    count = round(math.log10(high / low) * per_decade)
    return [_short(low * 10 ** (i / per_decade)) for i in range(count + 1)]


def spaced(low, high, count):
    """`count` values from `low` to `high` at equal ratios, with four significant digits."""
    return [_short(low * (high / low) ** (i / (count - 1))) for i in range(count)]


def rms(values):
    return float(np.sqrt(np.mean(np.square(values))))


def last(result):
    """The values of the first tensor after the last step."""
    return result["steps"][-1]["values"][0]


def _short(value):
    return float(f"{value:.4g}")
