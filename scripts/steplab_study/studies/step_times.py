"""How long does a whole training step take?

Gradient and optimizer apart, one process alone at a time, in shuffled rounds; SGD-M twice under two
names, as an A/A pair. Steps to a target times these are seconds to it.
"""

from ..protocol import ranking as protocol

name, title, quiet = "step_times", "seconds of whole training steps on a quiet machine", True
AGAIN = "again"  # the second name of the A/A pair


def plans(context):
    return {p.name: _plan(context, p) for p in context.profile.problems if context.wants(p.workload)}


def _plan(context, problem):
    """{optimizer: {"step": [s], "optimizer": [s], "again": [s]}}, one a round."""
    jobs = [
        (optimizer, second, number)
        for number in range(context.profile.timing_rounds)
        for optimizer in protocol.OPTIMIZERS
        for second in (("", AGAIN) if optimizer == protocol.REFERENCE else ("",))
    ]
    results = yield [_timing(context, problem, *job) for job in jobs]
    found = {o: {"step": [], "optimizer": [], AGAIN: []} for o in protocol.OPTIMIZERS}
    for (optimizer, second, _), result in zip(jobs, results):
        done, seconds = max(1, result["steps_done"]), result["seconds"]
        found[optimizer][second or "step"].append((seconds["gradient"] + seconds["optimizer"]) / done)
        if not second:
            found[optimizer]["optimizer"].append(seconds["optimizer"] / done)
    return found


_HYPER = {  # small rates: the time of a step does not depend on them, and nothing may diverge
    "sgd": {"lr": 1e-4},
    "sgd_momentum": {"lr": 1e-4, "momentum": 0.9},
    "adam": {"lr": 1e-5},
    "adamw": {"lr": 1e-5},
}


def _timing(context, problem, optimizer, second, number):
    return context.timed(
        "train_time",
        number,
        **{
            k: v
            for k, v in context.train(
                problem.workload,
                problem.size,
                protocol.OPTIMIZERS[optimizer].rule,
                _HYPER[optimizer],
                seed=protocol.TUNING_SEEDS[-1],
                steps=problem.timing_steps,
                batch=problem.batch,
                options=dict(problem.options),
                evaluations=1,
            ).items()
            if k not in ("kind", "versions")
        },
        name=second,
    )
