"""Power laws: the exponent of y on x with its interval."""

import math

import numpy as np

from .stats import Interval, t_quantile


def exponent(x, y):
    """The least-squares slope of log y on log x."""
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


def exponent_interval(x, y, level=0.95):
    """The exponent with the t interval that the scatter about the line gives; None for fewer than three points
    or a value that is not finite and positive."""
    if len(x) < 3 or not all(math.isfinite(v) and v > 0 for v in (*x, *y)):
        return None
    u, v = np.log(np.asarray(x, dtype=float)), np.log(np.asarray(y, dtype=float))
    slope, offset = np.polyfit(u, v, 1)
    left = v - slope * u - offset
    error = math.sqrt(float(left @ left) / (len(x) - 2) / float(np.sum((u - u.mean()) ** 2)))
    half = t_quantile(0.5 + level / 2, len(x) - 2) * error
    return Interval(float(slope), float(slope) - half, float(slope) + half, len(x))
