"""The points of a tuning budget: a scrambled Sobol sequence over log-uniform spaces, then a box around the
best.

Sobol points in up to four dimensions (Joe and Kuo 2008 direction numbers), scrambled by a random lower-
triangular matrix and a digital shift (Matousek 1998). The generator is Python's own, whose streams do not
change with releases.
"""

import math
import random

BITS = 30
# (degree of the primitive polynomial, its inner coefficients, initial direction numbers), dimensions 2 to 4
_POLYNOMIALS = ((1, 0, (1,)), (2, 1, (1, 3)), (3, 1, (1, 3, 1)))
MAX_DIMENSIONS = 1 + len(_POLYNOMIALS)


def _directions(dimension):
    """Direction numbers of one dimension as BITS integers of BITS bits."""
    if dimension == 0:
        return [1 << (BITS - 1 - i) for i in range(BITS)]
    degree, coefficients, initial = _POLYNOMIALS[dimension - 1]
    numbers = list(initial)
    for i in range(degree, BITS):
        value = numbers[i - degree] ^ (numbers[i - degree] << degree)
        for k in range(1, degree):
            if (coefficients >> (degree - 1 - k)) & 1:
                value ^= numbers[i - k] << k
        numbers.append(value)
    return [number << (BITS - 1 - i) for i, number in enumerate(numbers)]


def _scramble(directions, generator):
    """Left-multiply by a random unit lower-triangular matrix over GF(2); most significant bit first."""
    rows = []
    for i in range(BITS):
        mask = 1 << (BITS - 1 - i)
        for j in range(i):
            mask |= generator.getrandbits(1) << (BITS - 1 - j)
        rows.append(mask)
    scrambled = []
    for number in directions:
        value = 0
        for i, mask in enumerate(rows):
            value |= (bin(number & mask).count("1") & 1) << (BITS - 1 - i)
        scrambled.append(value)
    return scrambled


def sobol(count, dimensions, seed):
    """`count` points in [0, 1)^dimensions; the same arguments give the same points everywhere."""
    if not 1 <= dimensions <= MAX_DIMENSIONS:
        raise ValueError(f"sobol has 1 to {MAX_DIMENSIONS} dimensions, got {dimensions}")
    generator = random.Random(seed)
    tables = [_scramble(_directions(d), generator) for d in range(dimensions)]
    state = [generator.getrandbits(BITS) for _ in range(dimensions)]
    points = []
    for index in range(count):
        points.append([value / (1 << BITS) for value in state])
        bit = ((index + 1) & -(index + 1)).bit_length() - 1
        state = [value ^ table[bit] for value, table in zip(state, tables)]
    return points


def scale(unit, low, high):
    """A unit coordinate on a log-uniform axis; four significant digits, so that a configuration is
    readable."""
    return float(f"{math.exp(math.log(low) + unit * (math.log(high) - math.log(low))):.4g}")


def space_points(axes, count, seed):
    """`count` points over the whole space; `axes`: {name: Axis}."""
    return [
        {name: scale(u, axis.low, axis.high) for u, (name, axis) in zip(point, axes.items())}
        for point in sobol(count, len(axes), seed)
    ]


def box_points(axes, centre, count, seed):
    """`count` points in a box around `centre`: each axis divided and multiplied by its `box` factor,
    within its caps."""
    points = []
    for point in sobol(count, len(axes), seed):
        values = {}
        for u, (name, axis) in zip(point, axes.items()):
            low, high = centre[name] / axis.box, min(centre[name] * axis.box, axis.cap)
            values[name] = scale(u, low, high)
        points.append(values)
    return points


def axes_at_their_ends(axes, best, share=0.1):
    """Names of the axes on which `best` lies within `share` of an edge that could be widened (not at its
    cap)."""
    found = []
    for name, axis in axes.items():
        position = math.log(best[name] / axis.low) / math.log(axis.high / axis.low)
        if position < share or (position > 1 - share and axis.high < axis.cap):
            found.append(name)
    return found
