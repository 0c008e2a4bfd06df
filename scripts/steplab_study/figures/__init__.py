"""What does it look like? The figures of the report: one file each, registered by its line below, in the
order of the report.

A figure module has `name` (file stem), `title`, `part` ("step", "memory" or a study's name),
`collect(evidence)` giving plain data (None if it was not measured) and `draw(data)` giving a matplotlib
figure from that data alone. The data is written beside the figure, so that anyone can draw it another
way.
"""

import importlib

NAMES = (
    "headline",
    "step_time",
    "share_of_ceiling",
    "fragmentation",
    "roofline",
    "speedup_ladder",
    "subnormals",
    "scaling",
    "memory",
    "numpy_form",
    "against",
    "against_python",
    "loss_curves",
    "cosine_curves",
    "ladder",
    "steps_to_target",
    "seconds_to_target",
    "valley_trajectories",
    "condition_number",
    "scale_ratio",
    "lr_sensitivity",
    "batch_size",
    "bias_correction",
    "decay_share",
    "decay_heat_map",
    "resume",
)
ALL = tuple(importlib.import_module(f".{name}", __package__) for name in NAMES)


def named(name):
    return next(figure for figure in ALL if figure.name == name)


def of_part(part):
    """Names of the figures of a part, in their order."""
    return [figure.name for figure in ALL if figure.part == part]
