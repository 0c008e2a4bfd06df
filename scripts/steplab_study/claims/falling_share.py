"""What C15, C17 and C35 share: the slope over gradient scales, by seed, as a 99 % interval."""

from ..statistics.intervals import t_interval
from ..wording import numbers
from .verdict import at_most, of_interval

LEVEL = 0.99
LIMIT = -0.5  # at or below it a share falls with the gradient's size


def interval(slopes):
    """Interval of the slopes of all seeds; None when one could not be measured."""
    return None if any(s is None for s in slopes) else t_interval(slopes, LEVEL)


def decay_arms(evidence, rule):
    """{decay: interval} of the decay share's slope under `rule`; None when it was not measured."""
    found = evidence.outcomes("updates").get("decay_share")
    if found is None:
        return None
    arms = {a["weight_decay"]: interval(a["slopes"]) for a in found["arms"] if a["rule"] == rule}
    return None if None in arms.values() else {"steps": found["steps"], "arms": arms}


def listed(arms):
    """'-0.9 [-1.0, -0.8] at decay 0.01 and …': the slope of each decay."""
    return numbers.listing(f"{numbers.interval(a, 2)} at decay {decay:g}" for decay, a in arms.items())


def factors(arms):
    """'0.1 to 0.2': by what ten times the gradient multiplies the share."""
    return numbers.span([10**a.value for a in arms.values()], 2)


def cell(label, slope):
    """The Cell of 'falls with the gradient's size': a slope at or below LIMIT."""
    return of_interval(label, slope, at_most(slope, LIMIT, neutral=0.0), "an effective rate was 0")
