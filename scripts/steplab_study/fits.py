"""Power laws: the exponent of y on x with its interval; and the jackknife, for what is computed from all
seeds at once."""

import math

import numpy as np

from .stats import Interval, t_interval, t_quantile


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


def jackknife(statistic, count, level=0.95):
    """`statistic` of all `count` seeds with the t interval of its jackknife pseudo-values.

    `statistic(kept)` takes the positions of the seeds that it may use; None when it cannot say for some.
    """
    seeds = list(range(count))
    whole = statistic(seeds)
    parts = [statistic(seeds[:i] + seeds[i + 1:]) for i in seeds] if count > 1 else []
    if whole is None or None in parts:
        return None
    found = t_interval([count * whole - (count - 1) * part for part in parts] or [whole], level)
    half = found.high - found.value
    return Interval(whole, whole - half, whole + half, count)
