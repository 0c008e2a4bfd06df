"""Learning-rate grids that grow until they hold what is looked for, and what is read off them.

A grid point is a whole number k; `rate(k)` of the study gives its learning rate, at equal ratios. A curve is
{k: final loss} of one seed, infinite where training diverged. Loss is compared as it is; positions are logs.
"""

import math

import numpy as np

NEAR_BEST = 0.05  # a rate is near the best when its loss exceeds the lowest by at most this share
NEAR_MINIMUM = 2.0  # a parabola is fitted to neighbours within this factor of the lowest loss
_ROUNDS = 40  # of growing; far more than any curve needs


def quarter_decade(k):
    """The grid ×1.78: 10^(k/4)."""
    return 10 ** (k / 4)


def half_octave(k):
    """The grid ×√2: 2^(k/2)."""
    return 2 ** (k / 2)


def explore(trial, loss, seeds, start, lacking, limits, views=list):
    """Plan: [curve of each seed], all on the points `start` and those that a curve was `lacking`.

    The first seed finds the region, the others begin with what it ended with. `trial(k, seed)` is a
    configuration, `loss(result)` its loss, `lacking(curve)` the points that a curve still needs; points
    outside `limits` are never tried. `views(curves)`: the curves that must lack nothing, the seeds' own
    unless told.
    """
    low, high = limits
    curves, points = [{} for _ in seeds], set(start)
    for count in (1, len(seeds)):
        for _ in range(_ROUNDS):
            asked = [(i, k) for i in range(count) for k in sorted(points - curves[i].keys())]
            if asked:
                results = yield [trial(k, seeds[i]) for i, k in asked]
                for (i, k), result in zip(asked, results):
                    curves[i][k] = loss(result)
            seen = views(curves[:count])
            wanted = {k for curve in seen for k in lacking(curve) if low <= k <= high} - points
            if not wanted:
                break
            points |= wanted
    return curves


def mean_curve(curves):
    """The mean loss of several seeds, at the points that all of them have."""
    return {
        k: sum(curve[k] for curve in curves) / len(curves)
        for k in sorted(set.intersection(*(set(curve) for curve in curves)))
    }


def leave_one_out(curves):
    """The mean curve of all seeds, and those with one seed left out, as a jackknife needs them."""
    return [mean_curve(curves)] + [
        mean_curve(curves[:i] + curves[i + 1:]) for i in range(len(curves)) if len(curves) > 1
    ]


def lowest(curve):
    """The point of the lowest loss; None when training diverged everywhere."""
    found = min(curve, key=lambda k: (curve[k], k))
    return found if math.isfinite(curve[found]) else None


def lacking_band(curve):
    """What a curve lacks for its near-best band: the first unknown point on either side of the lowest."""
    best = lowest(curve)
    if best is None:
        return {min(curve) - 1, min(curve) - 4}
    return {k for k in (_end(curve, best, -1), _end(curve, best, 1)) if k not in curve}


def _end(curve, best, side):
    """The first point beyond the band, or the first unknown one."""
    k = best + side
    while k in curve and curve[k] <= curve[best] * (1 + NEAR_BEST):
        k += side
    return k


def near_best(curve):
    """(low, high) of the near-best band as real grid positions; None when an edge was not reached.

    An edge is where the loss, a straight line between two points, passes the limit; half way to a point
    where training diverged.
    """
    best = lowest(curve)
    if best is None:
        return None
    limit, ends = curve[best] * (1 + NEAR_BEST), []
    for side in (-1, 1):
        out = _end(curve, best, side)
        if out not in curve:
            return None
        inside = curve[out - side]
        share = (limit - inside) / (curve[out] - inside) if math.isfinite(curve[out]) else 0.5
        ends.append(out - side + side * share)
    return tuple(ends)


def lacking_minimum(margin):
    """What a curve lacks to have `margin` points on either side of its lowest, as a function of the curve."""

    def lacking(curve):
        best = lowest(curve)
        if best is None:
            return {min(curve) - 1, min(curve) - 4}
        return {k for k in range(best - margin, best + margin + 1) if k not in curve}

    return lacking


def best_position(curve):
    """Where the loss is lowest, as a real grid position; None at an edge of the grid.

    The vertex of the parabola of log loss through the neighbours of the lowest point (two on either side)
    that are not far above it; the lowest point itself where they are not on both sides, as next to
    divergence.
    """
    best = lowest(curve)
    if best is None or best - 1 not in curve or best + 1 not in curve:
        return None
    near = [k for k in range(best - 2, best + 3) if curve.get(k, math.inf) <= NEAR_MINIMUM * curve[best]]
    if not {best - 1, best + 1} <= set(near):
        return float(best)
    bend, slope, _ = np.polyfit([k - best for k in near], [math.log(curve[k]) for k in near], 2)
    return best + float(np.clip(-slope / (2 * bend), -1, 1)) if bend > 0 else float(best)
