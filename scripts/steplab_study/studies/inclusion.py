"""Do the wider optimizers contain the narrower ones?

SGD with momentum 0 must be SGD, and AdamW without decay Adam, bit for bit: otherwise a comparison between
them compares two programs.
"""

from ..protocol import ranking as protocol

name, title, quiet = "inclusion", "SGD within SGD-M, Adam within AdamW: bit for bit", False

_PAIRS = (
    ("SGD within SGD-M", ("sgd", {"lr": 0.05}), ("sgd", {"lr": 0.05, "momentum": 0.0})),
    ("Adam within AdamW", ("adam", {"lr": 1e-3}), ("adamw", {"lr": 1e-3, "weight_decay": 0.0})),
)
_CONTROL = ("AdamW's default decay", ("adam", {"lr": 1e-3}), ("adamw", {"lr": 1e-3, "weight_decay": 0.01}))
_BUDGET = {"quick": 100, "standard": 300, "full": 300}


def plans(context):
    steps = _BUDGET.get(context.profile.name)
    return {"mlp": _plan(context, steps)} if steps and context.wants("mlp") else {}


def _plan(context, steps):
    pairs = (*_PAIRS, _CONTROL)
    results = yield [
        context.train(
            "mlp", "small", rule, hyper, seed=protocol.TUNING_SEEDS[0], steps=steps, batch=64, evaluations=5
        )
        for _, *both in pairs
        for rule, hyper in both
    ]
    found = {}
    for (label, *_), narrow, wide in zip(pairs, results[::2], results[1::2]):
        found[label] = (
            narrow["final_bits"] == wide["final_bits"]
            and narrow["validation_loss"] == wide["validation_loss"]
        )
    return found
