"""How much of a loss's variance one hyperparameter explains alone: first-order shares over the points of
a search."""

import math

import numpy as np


def first_order_shares(points, losses):
    """{axis: share} of the variance of `losses` that a parabola in the log of that axis alone explains
    (adjusted R², at least 0), over `points`: [{axis: value}]."""
    values = np.asarray(losses, dtype=float)
    total = float(values.var(ddof=1))
    return {axis: _share([math.log(p[axis]) for p in points], values, total) for axis in points[0]}


def _share(coordinates, values, total):
    x = np.asarray(coordinates)
    if total == 0 or np.ptp(x) == 0:
        return 0.0
    x = (x - x.mean()) / x.std()
    coefficients = np.polyfit(x, values, 2)
    residual = float(np.sum((values - np.polyval(coefficients, x)) ** 2)) / (len(values) - 3)
    return max(0.0, 1 - residual / total)
