"""Power laws: the exponent of y on x with its interval. And the slope of a straight line."""

import math

import numpy as np

from .intervals import DRAWS, SEED, Interval, t_quantile


def exponent(x, y):
    """The least-squares slope of log y on log x."""
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


def exponent_interval(x, y, level=0.95):
    """The exponent with the t interval that the scatter about the line gives; None for fewer than three
    points or a value that is not finite and positive."""
    if len(x) < 3 or not all(math.isfinite(v) and v > 0 for v in (*x, *y)):
        return None
    u, v = np.log(np.asarray(x, dtype=float)), np.log(np.asarray(y, dtype=float))
    slope, offset = np.polyfit(u, v, 1)
    left = v - slope * u - offset
    error = math.sqrt(float(left @ left) / (len(x) - 2) / float(np.sum((u - u.mean()) ** 2)))
    half = t_quantile(0.5 + level / 2, len(x) - 2) * error
    return Interval(float(slope), float(slope) - half, float(slope) + half, len(x))


def exponent_of_medians(sizes, samples, level=0.95):
    """The slope of log median on log size; `samples`: one list a size, each resampled on its own for the
    interval."""
    places = np.log(np.asarray(sizes, dtype=float))
    weights = (places - places.mean()) / ((places - places.mean()) ** 2).sum()
    generator = np.random.default_rng(SEED)
    draws = np.zeros(DRAWS)
    for weight, values in zip(weights, samples):
        medians = np.median(generator.choice(np.asarray(values), size=(DRAWS, len(values))), axis=1)
        draws += weight * np.log(medians)
    value = sum(weight * np.log(np.median(values)) for weight, values in zip(weights, samples))
    low, high = np.percentile(draws, [50 * (1 - level), 50 * (1 + level)])
    return Interval(float(value), float(low), float(high), min(len(values) for values in samples))


def linear_slope(sizes, values):
    """Least-squares slope of values in sizes, the constant part left out: bytes a parameter, say."""
    return float(np.polyfit(np.asarray(sizes, dtype=float), np.asarray(values, dtype=float), 1)[0])


def exponent_where_positive(x, y):
    """The exponent of y on x; None when a value is not positive."""
    return None if min(*x, *y) <= 0 else exponent(x, y)
