"""Kinds of configurations that are not a worker's: each a function (programs, config) → result.

`train` and `follow` go to `steplab worker`. `plan` asks the planner for the memory of a model. Those of
frameworks.py time other programs.
"""

from . import frameworks
from .machine import run_json


def plan(programs, config):
    """`steplab plan --json` for `parameters` parameters."""
    return run_json([programs["steplab"], "plan", "--parameters", repr(config["parameters"]), "--json"])


FUNCTIONS = {"plan": plan, **frameworks.FUNCTIONS}
