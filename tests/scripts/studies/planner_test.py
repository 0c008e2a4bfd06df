"""The planner is asked for the models that claims speak of, and its predicted times are left out."""

from answers import finish

from steplab_study.protocol.profiles import PROFILES
from steplab_study.studies import planner
from steplab_study.trials.configuration import Context

CONTEXT = Context(PROFILES["quick"], "0.1.0", "avx2", {}, {})


def table(config):
    n = config["parameters"]
    row = {"optimizer": "adam", "parameter_bytes": 4 * n, "gradient_bytes": 4 * n, "state_bytes": 8 * n}
    return {"parameters": n, "optimizers": [{**row, "step_seconds": 1.0}]}


def test_both_models_are_planned_in_one_request():
    outcome, requests = finish(planner.plans(CONTEXT)["models"], table)
    assert [[c["kind"] for c in request] for request in requests] == [["plan", "plan"]]
    assert outcome["10000000000"]["adam"] == {
        "parameters": 4 * 10**10,
        "gradients": 4 * 10**10,
        "state": 8 * 10**10,
    }
    assert outcome["175000000000"]["adam"]["state"] == 14 * 10**11
