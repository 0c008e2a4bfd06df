"""Intervals: numpy only, every random draw from a fixed seed.

Infinity stands for "not reached" (a censored or diverged trial) everywhere in this module.
"""

import functools
import math
from dataclasses import dataclass

import numpy as np

DRAWS = 10_000
SEED = 20240229


@dataclass(frozen=True)
class Interval:
    """A value with the ends of its interval, all in the unit of the value."""

    value: float
    low: float
    high: float
    count: int

    @property
    def ends(self):
        """The three numbers by name, as figures keep them."""
        return {"value": self.value, "low": self.low, "high": self.high}


def median(samples):
    """The middle one, or the mean of the two in the middle."""
    return float(np.median(np.fromiter(samples, dtype=float)))


def median_interval(samples, level=0.95):
    """The median of `samples` between two of them: so many from each end that the binomial distribution
    gives at least `level` (the bootstrap of 7 samples covers 88 % where 95 are asked for).

    Too few samples for the level give the whole range: five, at 95 %, cover 93.75 %.
    """
    values = sorted(map(float, samples))
    if not values:
        raise ValueError("median_interval needs at least one sample, got none")
    cut = _samples_outside(len(values), level)
    return Interval(median(values), values[cut], values[-1 - cut], len(values))


@functools.lru_cache
def _samples_outside(count, level):
    """How many samples may be left out at each end."""
    cut, tail = 0, 0.5**count
    while 2 * (cut + 1) < count:
        tail += math.comb(count, cut + 1) * 0.5**count
        if 2 * tail > 1 - level:
            break
        cut += 1
    return cut


def mad(samples):
    """Median absolute deviation from the median, unscaled."""
    middle = median(samples)
    return median([abs(x - middle) for x in samples])


def ratio_of_medians(numerator, denominator, level=0.95):
    """Median(numerator) / median(denominator) of independent positive samples."""
    return quotient(median_interval(numerator, level), median_interval(denominator, level))


def quotient(top, bottom):
    """The ratio of two independent positive values from their intervals: distances to the ends, as
    logarithms, are added in quadrature (Zou and Donner 2008). Where an end is 0 or infinite, so is its
    ratio's."""
    count = min(top.count, bottom.count)
    value = _divided(top.value, bottom.value)
    if not 0 < value < math.inf:
        return Interval(value, _divided(top.low, bottom.high), _divided(top.high, bottom.low), count)
    down = math.hypot(_log_ratio(top.value, top.low), _log_ratio(bottom.high, bottom.value))
    up = math.hypot(_log_ratio(top.high, top.value), _log_ratio(bottom.value, bottom.low))
    return Interval(value, value * math.exp(-down), value * _safe_exp(up), count)


def _divided(a, b):
    return math.inf if b == 0 else a / b


def _log_ratio(a, b):
    return math.log(a / b) if 0 < b and math.isfinite(a) else math.inf


def separation(ratio, floor):
    """-1 when the whole interval of a ratio lies below 1 and the ratio beyond the smallest detectable
    difference `floor`, +1 above, else 0: the one rule by which the study tells two times apart."""
    if ratio.high < 1 and ratio.value < 1 - floor:
        return -1
    return 1 if ratio.low > 1 and ratio.value > 1 + floor else 0


def paired_ratios(numerator, denominator):
    """[numerator[r] / denominator[r]] of the rounds that both have; both are {round: time}."""
    return [numerator[r] / denominator[r] for r in sorted(numerator) if r in denominator]


def median_paired_ratio(numerator, denominator, level=0.95):
    """The median over rounds of the ratios of one round: what both share in a round, such as other load,
    drops out.

    None without a round in common.
    """
    ratios = paired_ratios(numerator, denominator)
    return median_interval(ratios, level) if ratios else None


def _beta_fraction(a, b, x):
    """The continued fraction of the incomplete beta function (Lentz's method)."""
    tiny = 1e-300
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1)
    d = 1.0 / (d if abs(d) > tiny else tiny)
    result = d
    for m in range(1, 300):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 + term * d
            d = 1.0 / (d if abs(d) > tiny else tiny)
            c = 1.0 + term / c
            c = c if abs(c) > tiny else tiny
            result *= d * c
        if abs(d * c - 1.0) < 1e-15:
            break
    return result


def _incomplete_beta(a, b, x):
    """The regularised incomplete beta function I_x(a, b)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(a, b, x) / a
    return 1.0 - front * _beta_fraction(b, a, 1 - x) / b


def t_quantile(probability, degrees):
    """Quantile of Student's t distribution for `probability` in (0.5, 1), by bisection."""
    if not 0.5 < probability < 1 or degrees < 1:
        raise ValueError(
            f"t_quantile needs 0.5 < probability < 1 and degrees >= 1, got {probability}, {degrees}"
        )
    low, high = 0.0, 1e9
    for _ in range(200):
        middle = 0.5 * (low + high)
        upper = 0.5 * _incomplete_beta(degrees / 2, 0.5, degrees / (degrees + middle * middle))
        low, high = (middle, high) if upper > 1 - probability else (low, middle)
    return 0.5 * (low + high)


def t_interval(values, level=0.95):
    """The mean with its t interval; one value alone has an infinite interval."""
    array = np.asarray(values, dtype=float)
    mean = float(array.mean())
    if array.size < 2:
        return Interval(mean, -math.inf, math.inf, int(array.size))
    half = t_quantile(0.5 + level / 2, array.size - 1) * float(array.std(ddof=1)) / math.sqrt(array.size)
    return Interval(mean, mean - half, mean + half, int(array.size))


def widened(found, floor):
    """An interval of a positive value with a relative uncertainty added in quadrature to both of its
    sides."""
    if found is None or floor <= 0 or not (0 < found.low and math.isfinite(found.high)):
        return found
    extra, centre = math.log1p(floor), math.log(found.value)
    down = math.hypot(centre - math.log(found.low), extra)
    up = math.hypot(math.log(found.high) - centre, extra)
    return Interval(found.value, math.exp(centre - down), _safe_exp(centre + up), found.count)


def geometric_interval(values, level=0.95):
    """Geometric mean with the t interval of the logarithms; None when a value is infinite."""
    if not all(math.isfinite(v) for v in values):
        return None
    return exponential(t_interval([math.log(v) for v in values], level))


def exponential(found):
    """The Interval of a value whose logarithm has the Interval `found`; None for none."""
    if found is None:
        return None
    return Interval(*(_safe_exp(x) for x in (found.value, found.low, found.high)), found.count)


def paired_ratio(numerator, denominator, level=0.95):
    """Geometric mean of numerator[i] / denominator[i] (same seed i) with its t interval, None if one is
    infinite."""
    if len(numerator) != len(denominator):
        raise ValueError(f"paired values must be equally many, got {len(numerator)} and {len(denominator)}")
    if not all(math.isfinite(v) for v in (*numerator, *denominator)):
        return None
    return geometric_interval([a / b for a, b in zip(numerator, denominator)], level)


def _safe_exp(x):
    return math.exp(x) if x < 700 else math.inf


def product_interval(counts, times, level=0.95, floor=0.0):
    """Geometric mean of `counts` (seeds) × median of `times` (rounds), both drawn; None if a count is
    infinite.

    The mean of log counts is drawn from its t distribution, the median time by bootstrap; `floor` is the
    smallest relative difference that the clock can tell (A/A pair), added in quadrature to the interval.
    """
    if not all(math.isfinite(v) for v in counts):
        return None
    logs, rounds = np.log(np.asarray(counts, dtype=float)), np.asarray(times, dtype=float)
    value = math.exp(float(logs.mean())) * float(np.median(rounds))
    if logs.size < 2:
        return Interval(value, 0.0, math.inf, int(logs.size))
    spread = float(logs.std(ddof=1)) / math.sqrt(logs.size)
    return _drawn(value, float(logs.mean()), spread, logs.size, rounds, None, level, floor)


def product_ratio(counts_a, times_a, counts_b, times_b, level=0.95, floor=0.0):
    """(counts_a × times_a) / (counts_b × times_b): counts paired by seed, times from rounds; None if one
    is infinite."""
    if not all(math.isfinite(v) for v in (*counts_a, *counts_b)):
        return None
    logs = np.log(np.asarray(counts_a, dtype=float)) - np.log(np.asarray(counts_b, dtype=float))
    top, bottom = np.asarray(times_a, dtype=float), np.asarray(times_b, dtype=float)
    value = math.exp(float(logs.mean())) * float(np.median(top) / np.median(bottom))
    if logs.size < 2:
        return Interval(value, 0.0, math.inf, int(logs.size))
    spread = float(logs.std(ddof=1)) / math.sqrt(logs.size)
    return _drawn(value, float(logs.mean()), spread, logs.size, top, bottom, level, floor)


def _drawn(value, mean, spread, count, top, bottom, level, floor):
    generator = np.random.default_rng(SEED)
    draws = mean + spread * generator.standard_t(count - 1, DRAWS)
    draws = draws + np.log(np.median(generator.choice(top, size=(DRAWS, top.size)), axis=1))
    if bottom is not None:
        draws = draws - np.log(np.median(generator.choice(bottom, size=(DRAWS, bottom.size)), axis=1))
    tail = 50 * (1 - level)
    low, high = np.percentile(draws, [tail, 100 - tail])
    return widened(Interval(value, math.exp(low), _safe_exp(high), int(count)), floor)


def censored_summary(steps):
    """What may be said when some seeds did not reach the target: how many did, and a one-sided bound of
    the median."""
    ordered = sorted(steps)
    reached = [s for s in ordered if math.isfinite(s)]
    return {"reached": len(reached), "of": len(ordered), "median_at_least": ordered[(len(ordered) - 1) // 2]}


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
