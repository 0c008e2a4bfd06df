"""Which optimizer needs fewer steps? Each problem under two protocols, and some with clipped gradients as
a second arm.

constant: a constant rate, tuned for T0 steps; steps needed is the first of two evaluations in a row at
the target. cosine: warm-up and cosine to 0, tuned at T0; a ladder of horizons, the rate around the best
tuned anew at each, and the steps needed lie between the rungs whose runs end above and below the target.
A crossing inside one cosine run would measure its horizon, not speed.

Phases: search → choice → target (seeds of its own, frozen before any test seed runs) → test → ladder.
"""

import math

from ..engine.requests import Freeze
from ..protocol import ranking as protocol
from ..store.store import key_of
from ..trials.read import curve, final_loss
from ..tuning.budget import choose, in_groups, search
from ..tuning.sobol import axes_at_their_ends

name, title, quiet = "ranking", "steps to the same validation loss, per problem and protocol", False
FULL_HORIZON = 1


def plans(context):
    found = {}
    for problem in context.profile.problems:
        if not context.wants(problem.workload):
            continue
        for schedule in ("constant", "cosine"):
            found[f"{problem.name}, {schedule}"] = _Ranking(context, problem, schedule, None).plan()
        if problem.clipped:
            found[f"{problem.name}, constant, clipped"] = _Ranking(
                context, problem, "constant", protocol.CLIP_NORM
            ).plan()
    return found


class _Ranking:
    """One problem under one protocol."""

    def __init__(self, context, problem, schedule, clip_norm):
        self.context, self.problem, self.schedule, self.clip_norm = context, problem, schedule, clip_norm
        self.budget = problem.budget

    def trial(self, optimizer, point, seed, share=FULL_HORIZON, factor=1.0, test=False):
        lr, hyper = protocol.hyperparameters(self.problem.workload, optimizer, point)
        steps = max(10, round(self.problem.steps * share))
        return self.context.train(
            self.problem.workload,
            self.problem.size,
            protocol.OPTIMIZERS[optimizer].rule,
            {"lr": lr * factor, **hyper},
            seed=seed,
            steps=steps,
            batch=self.problem.batch,
            options=dict(self.problem.options),
            schedule=self.schedule,
            warmup=protocol.WARMUP[self.schedule],
            evaluations=protocol.TRIAL_EVALUATIONS[self.schedule],
            test=test,
            clip_norm=self.clip_norm,
        )

    def loss(self, result):
        return final_loss(result, protocol.LAST[self.schedule])

    def plan(self):
        spaces = {o: protocol.space(self.problem.workload, o) for o in protocol.OPTIMIZERS}
        seed = protocol.sobol_seed(self.problem.name)
        searched = yield from search(spaces, self.budget, self.trial, self.loss, seed)
        chosen = yield from choose(searched, self.budget, self.trial, self.loss)
        points = {o: point for o, (point, _) in chosen.items()}
        target = yield from self._target(points)
        tests = yield from self._per_seed(points, protocol.TEST_SEEDS[: self.budget.test_seeds], test=True)
        rungs = {o: [] for o in points}
        if self.schedule == "cosine":
            rungs = yield from self._ladder(points, tests)
        arms = {
            o: self._arm(o, chosen[o], searched[o], target, tests[o], rungs[o]) for o in protocol.OPTIMIZERS
        }
        return {
            "problem": self.problem.name,
            "workload": self.problem.workload,
            "size": self.problem.size,
            "parameters": tests[protocol.REFERENCE][0]["parameters"],
            "steps": self.problem.steps,
            "batch": self.problem.batch,
            "schedule": self.schedule,
            "clip_norm": self.clip_norm,
            "target": target,
            "arms": arms,
        }

    def _per_seed(self, points, seeds, share=FULL_HORIZON, factors=None, test=False):
        """{optimizer: [result per seed]}"""
        jobs = [(o, point, seed) for o, point in points.items() for seed in seeds]
        results = yield [
            self.trial(o, point, seed, share, factors[o] if factors else 1.0, test) for o, point, seed in jobs
        ]
        found = {o: [] for o in points}
        for (o, _, _), result in zip(jobs, results):
            found[o].append(result)
        return found

    def _target(self, points):
        seeds = protocol.TARGET_SEEDS[: self.budget.target_seeds]
        runs = yield from self._per_seed(points, seeds)
        finals = {o: [self.loss(r) for r in results] for o, results in runs.items()}
        initial = runs[protocol.REFERENCE][0]["validation_loss"][0]
        target = protocol.target_from(finals, initial)
        decided_by = [self.trial(o, point, seed) for o, point in points.items() for seed in seeds]
        key = key_of([decided_by, protocol.PROTOCOL_VERSION])
        return (yield Freeze(f"target of {self.problem.name}, {self.schedule}, {key}", target))

    def _ladder(self, points, tests):
        """{optimizer: [rung]}, shortest horizon first; the rate of each rung is chosen on tuning
        seeds."""
        shares = [share for share in self.budget.rungs if share != FULL_HORIZON]
        rated = yield from self._rates(points, shares)
        factors = {rung: min(losses, key=losses.get) for rung, losses in rated.items()}
        test_seeds = protocol.TEST_SEEDS[: self.budget.test_seeds]
        runs = {FULL_HORIZON: tests}
        jobs = [(share, o, seed) for share in shares for o in points for seed in test_seeds]
        results = yield [self.trial(o, points[o], seed, share, factors[share, o]) for share, o, seed in jobs]
        for (share, o, _), result in zip(jobs, results):
            runs.setdefault(share, {}).setdefault(o, []).append(result)
        return {
            o: [
                {
                    "horizon": max(10, round(self.problem.steps * share)),
                    "rate_factor": factors.get((share, o), 1.0),
                    "rates_tried": sorted(rated.get((share, o), {})),
                    "finals": [self.loss(r) for r in runs[share][o]],
                }
                for share in self.budget.rungs
            ]
            for o in points
        }

    def _rates(self, points, shares):
        """{(share, optimizer): {rate factor: worst loss}} around the rate that was chosen at the full
        horizon, widened by RATE_STEP while the best lies at an end, up to MOST_RATES of them."""
        seeds = protocol.TUNING_SEEDS[1:][: self.budget.rate_seeds]
        worst = {(share, o): {} for share in shares for o in points}
        wanted = [(rung, factor) for rung in worst for factor in protocol.RATE_FACTORS]
        while wanted:
            jobs = [(rung, factor, seed) for rung, factor in wanted for seed in seeds]
            results = yield [self.trial(o, points[o], seed, share, f) for (share, o), f, seed in jobs]
            for (rung, factor), some in zip(wanted, in_groups(results, len(seeds))):
                worst[rung][factor] = max(self.loss(r) for r in some)
            wanted = [(rung, factor) for rung, losses in worst.items() for factor in _beyond(losses)]
        return worst

    def _arm(self, optimizer, chosen, searched, target, tests, rungs):
        (point, worst), (scored, axes) = chosen, searched
        lr, hyper = protocol.hyperparameters(self.problem.workload, optimizer, point)
        return {
            "choice": {
                "point": point,
                "lr": lr,
                "hyper": hyper,
                "worst_tuning_loss": worst,
                "points_tried": len(scored),
                "edges": axes_at_their_ends(axes, point),
                "space": {n: [a.low, a.high] for n, a in axes.items()},
            },
            "search": [{"point": p, "loss": loss, "curve": curve(result)} for p, loss, result in scored],
            "curves": [curve(r) for r in tests],
            "finals": [self.loss(r) for r in tests],
            "diverged": sum(r["diverged"] for r in tests),
            "accuracies": [r["test"]["accuracy"] for r in tests if r["test"] and "accuracy" in r["test"]],
            "test_losses": [r["test"]["loss"] for r in tests if r["test"]],
            "clipped_steps": [r.get("clipped_steps", 0) / max(1, r["steps_done"]) for r in tests],
            "grid": tests[0]["steps"][1] - tests[0]["steps"][0] if len(tests[0]["steps"]) > 1 else 1,
            "rungs": rungs,
        }


def _beyond(losses):
    """The next rate factor of a rung whose best lies at an end: [] or [factor]. `losses`: {factor: loss}."""
    best = min(losses, key=losses.get)
    if len(losses) >= protocol.MOST_RATES or not math.isfinite(losses[best]):
        return []
    if best == max(losses):
        return [best * protocol.RATE_STEP]
    return [best / protocol.RATE_STEP] if best == min(losses) else []
