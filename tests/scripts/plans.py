"""Plans driven by made-up results."""

from types import SimpleNamespace

from steplab_study.trials.configuration import Context


def context(profile, only=()):
    return Context(SimpleNamespace(name=profile), "program", "isa", {}, {}, only)


def drive(plan, answer):
    """(outcome, configurations asked) of a plan whose every configuration is answered by `answer(config)`."""
    asked, results = [], None
    while True:
        try:
            request = plan.send(results)
        except StopIteration as end:
            return end.value, asked
        asked += request
        results = [answer(config) for config in request]


def trial(config, losses, accuracy=0.5, **extra):
    """A trial's result with the same loss, or `losses(step)`, at every evaluation."""
    steps = [0, *range(config["eval_every"], config["steps"] + 1, config["eval_every"])]
    curve = [losses(step) if callable(losses) else losses for step in steps]
    return {
        "parameters": 10,
        "diverged": False,
        "final_bits": "00",
        "steps": steps,
        "train_loss": curve,
        "validation_loss": curve,
        "validation_accuracy": [accuracy] * len(steps),
        "test": {"loss": curve[-1], "accuracy": accuracy} if config["test"] else None,
        **extra,
    }
