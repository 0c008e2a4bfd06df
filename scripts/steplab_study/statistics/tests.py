"""The Mann-Whitney U test, and p values corrected for how many were asked for: numpy only.

Exact up to EXACT samples a side without ties, else the normal approximation with tie and continuity
corrections (Mann and Whitney 1947; Hollander and Wolfe, Nonparametric Statistical Methods, 4.1).
"""

import math

import numpy as np

EXACT = 20


def u_statistic(a, b):
    """Pairs (x of `a`, y of `b`) with x > y, ties as halves."""
    a, b = np.asarray(a, dtype=float)[:, None], np.asarray(b, dtype=float)[None, :]
    return float((a > b).sum() + 0.5 * (a == b).sum())


def two_sided(a, b):
    """The probability of a U at least as far from its mean when both sides have one distribution."""
    if not len(a) or not len(b):
        raise ValueError(f"two_sided needs samples on both sides, got {len(a)} and {len(b)}")
    u = max(u_statistic(a, b), u_statistic(b, a))
    _, ties = np.unique(np.concatenate([a, b]), return_counts=True)
    if ties.max() == 1 and max(len(a), len(b)) <= EXACT:
        return _exact(round(u), len(a), len(b))
    return _approximate(u, len(a), len(b), ties)


def _exact(u, n, m):
    counts = _arrangements(n, m)
    return min(1.0, 2 * float(counts[u:].sum() / counts.sum()))


def _arrangements(n, m):
    """How many orders of n and m samples have each U: the coefficients of the Gaussian binomial."""
    counts = np.zeros(n * m + 1)
    counts[0] = 1
    for i in range(1, n + 1):
        for u in range(n * m, m + i - 1, -1):  # times 1 - q^(m + i)
            counts[u] -= counts[u - m - i]
        for u in range(i, n * m + 1):  # divided by 1 - q^i
            counts[u] += counts[u - i]
    return counts


def u_variance(n, m, ties):
    """The variance of U over all orders; `ties`: how often each value occurs."""
    total = n + m
    lost = float((ties.astype(float) ** 3 - ties).sum()) / (total * (total - 1)) if total > 1 else 0.0
    return n * m / 12 * (total + 1 - lost)


def _approximate(u, n, m, ties):
    variance = u_variance(n, m, ties)
    if variance <= 0:
        return 1.0
    z = max(0.0, u - n * m / 2 - 0.5) / math.sqrt(variance)
    return math.erfc(z / math.sqrt(2))


def benjamini_hochberg(values):
    """Each p value adjusted so that those at or below a level keep the false discovery rate to it
    (Benjamini and Hochberg 1995)."""
    p = np.asarray(values, dtype=float)
    order = np.argsort(p)
    scaled = p[order] * p.size / np.arange(1, p.size + 1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return [float(x) for x in adjusted]
