"""The ranking's plan: equal budgets for all, and rates of the ladder that go as far as they have to."""

import math
from dataclasses import replace
from types import SimpleNamespace

import pytest
from plans import drive, trial

from steplab_study.engine.requests import Freeze
from steplab_study.protocol import ranking as protocol
from steplab_study.protocol.profiles import Budget, Problem
from steplab_study.studies import ranking
from steplab_study.trials.configuration import Context

BUDGET = Budget(8, 2, 2, 2, 3, (0.25, 1), 1)
PROBLEM = Problem("mlp", "small", 400, 64, BUDGET)


def outcome(best_rate, schedule="cosine", budget=BUDGET):
    """(outcome, configurations) where an arm's loss is its rate's distance from `best_rate(config)`."""
    profile = SimpleNamespace(name="p", problems=(replace(PROBLEM, budget=budget),))
    plan = ranking.plans(Context(profile, "program", "isa", {}, {}))[f"mlp/small, {schedule}"]

    def answer(config):
        loss = 0.1 + abs(math.log(config["hyper"]["lr"] / best_rate(config)))
        return trial(config, loss, steps_done=config["steps"])

    return drive(_frozen(plan), answer)


def _frozen(plan):
    """The plan, with the store's part done: what is frozen is what was given."""
    request = next(plan)
    while True:
        answer = request.value if isinstance(request, Freeze) else (yield request)
        try:
            request = plan.send(answer)
        except StopIteration as end:
            return end.value


def test_every_arm_has_the_points_that_one_of_them_needs():
    # Adam's best lies at the end of its space, the others' within theirs
    found, _ = outcome(lambda c: {"adam": 0.09, "adamw": 1e-2, "sgd": 0.3}[c["rule"]], "constant")
    tried = {o: arm["choice"]["points_tried"] for o, arm in found["arms"].items()}
    assert set(tried.values()) == {16}


def test_a_rungs_rates_are_widened_while_the_best_lies_at_an_end():
    shorter = {False: 1e-2, True: 1.2e-1}  # a quarter of the steps wants twelve times the rate
    found, _ = outcome(lambda c: shorter[c["steps"] == 100] if c["rule"] == "adam" else 1e-2)
    short, full = found["arms"]["adam"]["rungs"]
    chosen = found["arms"]["adam"]["choice"]["lr"]
    assert short["rates_tried"][0] == 0.5 and short["rates_tried"][-1] > short["rate_factor"] > 4
    assert chosen * short["rate_factor"] == pytest.approx(0.12, rel=0.5)
    assert (full["rate_factor"], full["rates_tried"]) == (1.0, [])
    assert all(len(arm["rungs"][0]["rates_tried"]) <= protocol.MOST_RATES for arm in found["arms"].values())


def test_rates_that_never_turn_end_at_the_most_that_are_tried():
    found, _ = outcome(lambda c: 1e9 if c["steps"] == 100 else 1e-2)
    for arm in found["arms"].values():
        assert len(arm["rungs"][0]["rates_tried"]) == protocol.MOST_RATES
