"""What the store keeps of a trial's result: curves in columns, no more digits than there are."""

import math

DIGITS = 7  # of a stored loss: float32 has no more
_KEPT = (
    "parameters",
    "steps_done",
    "diverged",
    "final_bits",
    "clipped_steps",
    "workload_version",
    "data_isa",
)


def compact(result):
    """A trial's result as the store keeps it: curves in columns, losses with DIGITS digits, None where
    not finite."""
    if "evaluations" not in result:
        return result
    evaluations = result["evaluations"]
    kept = {name: result[name] for name in _KEPT if name in result}
    kept["steps"] = [e["step"] for e in evaluations]
    for name in ("train_loss", "validation_loss", "validation_accuracy"):
        if name in evaluations[0]:
            kept[name] = [_short(e.get(name)) for e in evaluations]
    kept["test"] = {k: _short(v) for k, v in result["test"].items()} if result.get("test") else None
    for name in ("observed", "seconds"):
        if name in result:
            kept[name] = _short(result[name])
    return kept


def _short(value):
    if isinstance(value, dict):
        return {name: _short(v) for name, v in value.items()}
    if isinstance(value, list):
        return [_short(v) for v in value]
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
    return value
