"""Slopes: of a count in the number of parameters, and of log time on log size with its interval."""

import numpy as np

from .stats import DRAWS, SEED, Interval


def linear_slope(sizes, values):
    """Least-squares slope of values in sizes, the constant part left out: bytes a parameter, say."""
    return float(np.polyfit(np.asarray(sizes, dtype=float), np.asarray(values, dtype=float), 1)[0])


def log_slope(sizes, samples, level=0.95):
    """Slope of log median on log size; `samples`: one list a size, each resampled on its own for the
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
