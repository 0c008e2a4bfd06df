"""The figures of the report: one file each, registered by its line below.

A figure module has `name` (file stem), `title`, `part` (of the study), `collect(results)` giving plain
data (None if it was not measured) and `draw(data)` giving a matplotlib figure from that data alone. The
data is written beside the figure, so that anyone can draw it another way.
"""

from . import bias_correction, decay_heat_map, decay_share, fragmentation, headline, loss_curves, memory
from . import resume, seconds_to_target, share_of_ceiling, step_time, steps_to_target

ALL = (
    headline,
    step_time,
    share_of_ceiling,
    fragmentation,
    memory,
    loss_curves,
    steps_to_target,
    seconds_to_target,
    bias_correction,
    decay_share,
    decay_heat_map,
    resume,
)


def named(name):
    return next(figure for figure in ALL if figure.name == name)
