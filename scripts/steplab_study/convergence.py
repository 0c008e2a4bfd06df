"""The phases of the convergence study, each over all problems at once so that every core stays busy.

search (two halves, one tuning seed) → choice (best points on more tuning seeds, ranked by their worst) →
target (own seeds, frozen in the store) → test (fresh seeds) → quiet timing (one trial alone at a time,
shuffled).
"""

import random

from . import machine as machines
from . import protocol
from .progress import Bar, say
from .runner import LocalExecutor, run_trials, train_command
from .search import box_points, edges, space_points
from .stats import final_loss
from .store import key_of

AGAIN = "again"  # the second name of the A/A pair in the quiet timings


def versions_of(programs, profile, machine):
    """Program version, the workloads' versions and the instruction set they compute with: parts of every
    key."""
    versions = {"program": machine["version"], "workloads": {}, "data_isa": {}}
    for problem in profile.problems:
        probe = {
            "workload": problem.workload,
            "size": problem.size,
            "options": problem.options,
            "rule": "sgd",
            "lr": 1e-6,
            "hyper": {},
            "seed": 1,
            "batch": problem.batch,
            "eval_every": 1,
            "schedule": "constant",
            "steps": 1,
        }
        found = machines.run_json(train_command(programs["steplab"], probe))
        versions["workloads"][problem.name] = found["workload_version"]
        versions["data_isa"][problem.name] = found["data_isa"]
    return versions


def protocol_settings(profile, versions):
    """Everything that decides the choices and targets; its key groups them in the store."""
    return {
        "protocol_version": protocol.PROTOCOL_VERSION,
        "points": profile.points,
        "finalists": profile.finalists,
        "finalist_seeds": profile.finalist_seeds,
        "target_seeds": profile.target_seeds,
        "test_seeds": profile.test_seeds,
        "widenings": profile.widenings,
        "versions": versions,
        "problems": [[p.workload, p.size, p.steps, p.batch, list(p.options)] for p in profile.problems],
    }


class Study:
    """One profile's convergence part against one store."""

    def __init__(self, store, programs, profile, machine, versions, workers):
        self.store, self.programs, self.profile = store, programs, profile
        self.versions, self.workers = versions, workers
        self.key = key_of(protocol_settings(profile, versions))
        self.digest = machines.digest(programs["steplab"])
        self.cpu = machine.get("cpu")

    def run(self):
        with LocalExecutor(self.programs["steplab"], self.workers) as executor:
            self._executor = executor
            arms = [(p, o) for p in self.profile.problems for o in protocol.OPTIMIZERS]
            searched = self._search(arms)
            self._choose(searched)
            self._freeze_targets()
            self._test()
        self._time()

    def _config(self, problem, optimizer, point, seed):
        return protocol.trial_config(problem, optimizer, point, seed, self.versions)

    def _finals(self, jobs, title):
        """Final losses of [(problem, optimizer, point, seed)], longest trials started first."""
        order = sorted(range(len(jobs)), key=lambda i: -_weight(jobs[i][0]))
        results = run_trials(self.store, self._executor, [self._config(*jobs[i]) for i in order], title)
        finals = [None] * len(jobs)
        for i, result in zip(order, results):
            finals[i] = _final(result)
        return finals

    def _search(self, arms):
        """{(problem, optimizer): (points with their losses, axes, names of axes whose edge the best is
        at)}"""
        axes = {arm: dict(protocol.space(arm[0].workload, arm[1])) for arm in arms}
        found = self._search_spaces(axes, "search")
        for turn in range(self.profile.widenings):
            wider = {}
            for arm, scored in found.items():
                best = min(scored, key=lambda s: s[1])[0]
                at = edges(axes[arm], best)
                if at:
                    axes[arm] = {n: a.widened(best[n]) if n in at else a for n, a in axes[arm].items()}
                    wider[arm] = axes[arm]
            if not wider:
                break
            say(
                f"{len(wider)} of {len(arms)} spaces had their best point at an edge: widened and searched"
                " again"
            )
            for arm, scored in self._search_spaces(wider, f"wider search {turn + 1}").items():
                found[arm] = found[arm] + scored
        return {arm: (scored, axes[arm]) for arm, scored in found.items()}

    def _search_spaces(self, axes, title):
        """{arm: [(point, loss)]}: half of the points over the whole space, half in a box around the best
        so far."""
        first = self.profile.points - self.profile.points // 2
        points = {arm: space_points(a, first, protocol.SOBOL_SEED) for arm, a in axes.items()}
        found = self._score(points, f"{title}, whole space")
        boxes = {
            arm: box_points(
                axes[arm],
                min(scored, key=lambda s: s[1])[0],
                self.profile.points - first,
                protocol.SOBOL_SEED + 1,
            )
            for arm, scored in found.items()
        }
        for arm, scored in self._score(boxes, f"{title}, near the best").items():
            found[arm] = found[arm] + scored
        return found

    def _score(self, points, title):
        jobs = [(*arm, point, protocol.SEARCH_SEED) for arm, some in points.items() for point in some]
        found = {arm: [] for arm in points}
        for (problem, optimizer, point, _), loss in zip(jobs, self._finals(jobs, title)):
            found[problem, optimizer].append((point, loss))
        return found

    def _choose(self, searched):
        """Rerun each arm's best points on fresh tuning seeds; keep the one whose worst loss is lowest."""
        seeds = protocol.TUNING_SEEDS[1:][:self.profile.finalist_seeds]
        jobs = []
        for (problem, optimizer), (scored, _) in searched.items():
            ranked = sorted(scored, key=lambda s: s[1])[: self.profile.finalists]
            jobs += [(problem, optimizer, point, seed) for point, _ in ranked for seed in seeds]
        worst = {}
        for (problem, optimizer, point, _), loss in zip(jobs, self._finals(jobs, "choice")):
            name = (problem, optimizer, tuple(sorted(point.items())))
            worst[name] = max(worst.get(name, loss), loss)
        self.choices = {}
        for (problem, optimizer), (scored, axes) in searched.items():
            mine = {name[2]: loss for name, loss in worst.items() if name[:2] == (problem, optimizer)}
            point = dict(min(mine, key=lambda name: mine[name]))
            lr, hyper = protocol.hyperparameters(problem.workload, optimizer, point)
            self.choices[problem, optimizer] = point
            self.store.set_choice(
                self.key,
                problem.name,
                optimizer,
                {
                    "point": point,
                    "lr": lr,
                    "hyper": hyper,
                    "worst_tuning_loss": _number(mine[tuple(sorted(point.items()))]),
                    "points_tried": len(scored),
                    "edges": edges(axes, point),
                    "space": {n: [a.low, a.high] for n, a in axes.items()},
                    "search": [[p, _number(loss)] for p, loss in scored],
                    "test": [
                        self._config(problem, optimizer, point, s)
                        for s in protocol.TEST_SEEDS[: self.profile.test_seeds]
                    ],
                    "timing": [self._timing(problem, optimizer, point, name) for name in ("", AGAIN)],
                },
            )

    def _freeze_targets(self):
        seeds = protocol.TARGET_SEEDS[: self.profile.target_seeds]
        jobs = [(p, o, point, seed) for (p, o), point in self.choices.items() for seed in seeds]
        losses = self._finals(jobs, "target")
        for problem in self.profile.problems:
            finals = {}
            for (p, optimizer, _, _), loss in zip(jobs, losses):
                if p == problem:
                    finals.setdefault(optimizer, []).append(loss)
            first = next(job for job in jobs if job[0] == problem)
            initial = self.store.trial(self._config(*first))["evaluations"][0]["validation_loss"]
            target = protocol.target_from(finals, initial)
            if target is None:
                say(f"{problem.name}: every target run diverged, so that there is no target")
                continue
            self.store.freeze_target(
                self.key,
                problem.name,
                {
                    **target,
                    "workload_version": self.versions["workloads"][problem.name],
                    "steps": problem.steps,
                    "batch": problem.batch,
                    "seeds": list(seeds),
                },
            )

    def _test(self):
        seeds = protocol.TEST_SEEDS[: self.profile.test_seeds]
        self._finals([(p, o, point, s) for (p, o), point in self.choices.items() for s in seeds], "test")

    def _timing(self, problem, optimizer, point, name):
        config = self._config(problem, optimizer, point, protocol.TUNING_SEEDS[-1])
        return {
            **config,
            "steps": problem.timing_steps,
            "arm": name,
            "digest": self.digest,
            "cpu": self.cpu,
        }

    def _time(self):
        """Seconds of whole training steps, one process alone at a time; the reference arm twice, as an A/A
        pair."""
        jobs = []
        for number in range(self.profile.timing_rounds):
            for (problem, optimizer), point in self.choices.items():
                for name in ("", AGAIN) if optimizer == protocol.REFERENCE else ("",):
                    jobs.append((self._timing(problem, optimizer, point, name), number))
        random.Random(protocol.SOBOL_SEED).shuffle(jobs)
        missing = [job for job in jobs if not self.store.has_timing(*job)]
        with LocalExecutor(self.programs["steplab"], 1) as alone, Bar(
            len(jobs), "quiet timing", "trial", done=len(jobs) - len(missing)
        ) as bar:
            for config, number in missing:
                result, _ = alone.submit(config, config["steps"]).result()
                done = max(1, result["steps_done"])
                seconds = result["seconds"]
                self.store.add_timing(
                    config,
                    number,
                    {
                        "step": (seconds["gradient"] + seconds["optimizer"]) / done,
                        "optimizer": seconds["optimizer"] / done,
                        "gradient": seconds["gradient"] / done,
                        "parameters": result["parameters"],
                        "steps": done,
                    },
                )
                bar.update()


def _weight(problem):
    """A rough cost of a trial: only its order matters."""
    return (
        problem.steps
        * {"small": 1, "medium": 8, "large": 40}.get(problem.size, 1)
        * (problem.workload == "mlp")
    )


def _final(result):
    """Final loss of a trial; a diverged one is infinitely bad."""
    if result["diverged"]:
        return float("inf")
    return final_loss([(e["step"], e["validation_loss"]) for e in result["evaluations"]], protocol.LAST)


def _number(loss):
    return loss if loss != float("inf") else None
