"""What does a model of so many parameters take?

The planner's table, for models far too large for this machine: its bytes are counted, not measured.
"""

name, title, quiet = "planner", "memory of models with 10 and 175 billion parameters, by the planner", False
SIZES = (10 * 10**9, 175 * 10**9)
_PROFILES = ("smoke", "quick", "standard", "full")


def plans(context):
    return {"models": _plan(context)} if context.profile.name in _PROFILES else {}


def _plan(context):
    tables = yield [context.plan(n) for n in SIZES]
    return {str(n): _bytes(table) for n, table in zip(SIZES, tables)}


def _bytes(table):
    """{optimizer: {"parameters", "gradients", "state"}}; the step's predicted time is left out, as it is
    measured."""
    return {
        row["optimizer"]: {name: row[f"{name[:-1]}_bytes"] for name in ("parameters", "gradients")}
        | {"state": row["state_bytes"]}
        for row in table["optimizers"]
    }
