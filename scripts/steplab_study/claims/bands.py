"""Widths of near-best bands of learning rates, as several claims read them from the study `lr_sensitivity`."""

import math

LEVEL = 0.99


def widths(arm):
    """Decades of the band, by seed; None when the grid does not hold both edges of one."""
    if any(band is None for band in arm["bands"]):
        return None
    return [math.log10(high / low) for low, high in arm["bands"]]


def middle(arm):
    """(low, high) of the band in the geometric mean over seeds; None with an open edge."""
    if any(band is None for band in arm["bands"]):
        return None
    return tuple(
        math.exp(sum(math.log(band[side]) for band in arm["bands"]) / len(arm["bands"])) for side in (0, 1)
    )
