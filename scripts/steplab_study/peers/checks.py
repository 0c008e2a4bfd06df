"""Does a peer compute what steplab computes? Five steps from the same values with the same gradients,
compared with steplab's scalar kernel.

The error of an element is |x - r| ÷ max(|r|, FLOOR × largest |r|), r the scalar kernel's. Values go up to 1,
and five steps change one by 0.005 (Adam) or 0.0012 (SGD with momentum) at most: a peer that does nothing errs
by 0.5 or 0.1. Rounding, bias corrections in float32 and the order of decay and update cost up to half of
TOLERANCE; a forgotten decay costs five times as much.
"""

import tempfile
from pathlib import Path

import numpy as np

from .asking import Failure
from .list import BY_NAME, REFERENCE
from .pool import prepare_limit
from .profiles import CHECKED

FLOOR = 0.01
TOLERANCE = 1e-5
TOLERANCE_OF_DESIGN = 0.02  # rounded states err by 0.006: not every result passes for one
GRADIENT_SEEDS = (2, 3, 4, 5, 6)


def values_of(pool, peer, rule):
    """The values after five steps, float32; a Failure where there are none."""
    cell = {"rule": rule, "tensors": list(CHECKED), "seed": 1}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "values"
        pool.ask(
            peer,
            "check",
            prepare_limit(peer, cell),
            cell=cell,
            gradient_seeds=list(GRADIENT_SEEDS),
            file=str(path),
        )
        try:
            found = np.fromfile(path, dtype="<f4")
        except OSError as error:
            raise Failure(f"check: the values were not written ({error.strerror})") from error
    if found.size != sum(CHECKED):
        raise Failure(f"check: wrote {found.size} values instead of {sum(CHECKED)}")
    return found


def largest_error(values, reference):
    """See above; infinite where a value is not finite."""
    wanted = reference.astype(float)
    scale = np.maximum(np.abs(wanted), FLOOR * np.abs(wanted).max())
    error = float(np.max(np.abs(values.astype(float) - wanted) / scale))
    return error if np.isfinite(error) else float("inf")


def check(pool, peer, rule, reference, design):
    """One entry of `checks`; largest_error is null where there was no result or one that is not
    finite."""
    tolerance = TOLERANCE_OF_DESIGN if design else TOLERANCE
    entry = {
        "peer": peer.name,
        "rule": rule,
        "threads": pool.threads,
        "largest_error": None,
        "tolerance": tolerance,
        "agrees": False,
        "offered": True,
        "why": f"differs by design: {design}" if design else "",
        "error": None,
    }
    try:
        error = largest_error(values_of(pool, peer, rule), reference)
    except Failure as failure:
        return {**entry, "offered": failure.offered, "error": str(failure)}
    if not np.isfinite(error):
        return {**entry, "error": "the result is not finite"}
    return {**entry, "largest_error": error, "agrees": error <= tolerance}


def references(pool, rules):
    """{rule: values of the scalar kernel}; a Failure where it does not run."""
    return {rule: values_of(pool, BY_NAME[REFERENCE], rule) for rule in rules}


def why_not_timed(entry):
    """None where the result is as it should be."""
    if entry["agrees"]:
        return None
    if entry["error"]:
        return f"not timed: {entry['error']}"
    return (
        f"not timed: its result differs by {entry['largest_error']:.2g}, {entry['tolerance']:.2g} is accepted"
    )
