"""What is run to learn one thing? The studies: one file each, registered by its line below.

A study module has
    name             as in `--only` and in the `needs` of claims
    title            one line for lists and sections
    quiet            True: measures time, so it runs alone on the machine, after all trials
    plans(context)   {key: plan} with a generator each (engine/requests.py); {} when the profile leaves it out
Outcomes are plain data (dicts, lists, numbers): figures and claims read nothing else.
"""

import importlib

NAMES = (
    "ranking",
    "inclusion",
    "valley",
    "scale_ratio",
    "lr_sensitivity",
    "batch_size",
    "noise",
    "updates",
    "bias_correction",
    "decay",
    "resume",
    "planner",
    "step_times",
    "numpy_form",
    "torch_steps",
)
ALL = tuple(importlib.import_module(f".{name}", __package__) for name in NAMES)


def named(name):
    return next(study for study in ALL if study.name == name)
