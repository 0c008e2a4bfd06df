"""How long is a whole training step, beside PyTorch's?

The same model, batch and optimizer (AdamW, there the default and the fused one) with one thread, in
rounds that take each of them once. Only where PyTorch is installed to stand beside.
"""

from ..protocol import ranking as protocol
from ..statistics.intervals import paired_ratio

name, title, quiet = "torch_steps", "training steps of steplab against PyTorch's eager ones", True

_SMALL = (("mlp", "small"), ("mlp", "medium"), ("transformer", "small"), ("transformer", "medium"))
_ALL = (*_SMALL, ("mlp", "large"), ("transformer", "large"))
BUDGETS = {  # about 5 s a model and round, of which PyTorch's start takes most
    "smoke": None,
    "quick": {"models": (("mlp", "medium"), ("transformer", "medium")), "rounds": 3, "steps": 40},
    "standard": {"models": _ALL, "rounds": 7, "steps": 60},
    "full": {"models": _ALL, "rounds": 15, "steps": 200},
}
BATCHES = {"mlp": 64, "transformer": 16}
STEPLAB, TORCH, FUSED = "steplab", "PyTorch", "PyTorch fused"
OPTIMIZERS = {TORCH: "default", FUSED: "fused"}  # in the words of torch_train_step.py


def plans(context):
    budget = BUDGETS.get(context.profile.name)
    if not budget or "torch" not in context.peers:
        return {}
    return {
        f"{workload}/{size}": _plan(context, workload, size, budget)
        for workload, size in budget["models"]
        if context.wants(workload)
    }


def _plan(context, workload, size, budget):
    seconds, counts = {label: [] for label in (STEPLAB, *OPTIMIZERS)}, {}
    for number in range(budget["rounds"]):
        ours, *theirs = yield [
            _steplab(context, workload, size, budget["steps"], number),
            *(_torch(context, workload, size, budget["steps"], number, o) for o in OPTIMIZERS.values()),
        ]
        done = max(1, ours["steps_done"])
        counts[STEPLAB] = ours["parameters"]
        seconds[STEPLAB].append((ours["seconds"]["gradient"] + ours["seconds"]["optimizer"]) / done)
        for label, result in zip(OPTIMIZERS, theirs):
            counts[label] = result["parameters"]
            seconds[label].append(result["seconds"]["total"])
    return {"workload": workload, "size": size, "parameters": counts, "seconds": seconds}


def _steplab(context, workload, size, steps, number):
    trial = context.train(
        workload,
        size,
        "adamw",
        {"lr": 1e-5},
        seed=protocol.TUNING_SEEDS[-1],
        steps=steps,
        batch=BATCHES[workload],
        evaluations=1,
    )
    kept = {k: v for k, v in trial.items() if k not in ("kind", "versions")}
    return context.timed("train_time", number, **kept, name="beside PyTorch")


def _torch(context, workload, size, steps, number, optimizer):
    return context.timed(
        "torch_train_time",
        number,
        workload=workload,
        size=size,
        optimizer=optimizer,
        batch=BATCHES[workload],
        steps=steps,
        torch=context.peers["torch"],
    )


def ratios(outcome, level=0.95):
    """{label: seconds of a training step of steplab ÷ PyTorch's, an Interval}, paired by round; {} should
    their parameters differ in number, as then the models do."""
    if len(set(outcome["parameters"].values())) != 1:
        return {}
    ours = outcome["seconds"][STEPLAB]
    return {label: paired_ratio(ours, outcome["seconds"][label], level) for label in OPTIMIZERS}
