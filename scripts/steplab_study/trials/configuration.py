"""Configurations of trials.

A configuration holds everything that decides a result, so that its hash is the key of the store: of the
program the bits that it computes (machine/probes.py), the workload's version, the instruction set of its
arithmetic, and the mathematics library.
"""

from dataclasses import dataclass, field

from ..errors import UsageError
from ..machine.describe import run_json
from ..machine.probes import probe
from ..protocol.profiles import profile_named

EVALUATIONS = 50  # a trial of T steps is evaluated every T / 50 steps


@dataclass(frozen=True)
class Context:
    """What plans need to know: the profile, and the versions that enter every key."""

    profile: object
    program: str
    data_isa: str
    workloads: dict  # {name: version}
    machine: dict  # of timings: {"cpu", "digest"}
    only: tuple = ()  # workloads to run; empty: all
    peers: dict = field(default_factory=dict)  # {"torch": version} where it is installed to stand beside
    probes: dict = field(default_factory=dict)  # {"mlp/adam": bits, "adam": bits, "plan": bits}
    data_isas: dict = field(default_factory=dict)  # {workload: instruction set of its arithmetic}
    libm: str = ""

    def wants(self, workload):
        return not self.only or workload in self.only

    def train(
        self,
        workload,
        size,
        rule,
        hyper,
        *,
        seed,
        steps,
        batch,
        options=None,
        schedule="constant",
        warmup=0.0,
        evaluations=EVALUATIONS,
        test=False,
        **extra,
    ):
        """One trial.

        `hyper` has "lr"; `extra`: preset, clip_norm, correction, restart, observe.
        """
        return {
            "kind": "train",
            "workload": workload,
            "size": size,
            "options": dict(options or {}),
            "rule": rule,
            "hyper": {name: rounded(value) for name, value in hyper.items()},
            "seed": seed,
            "steps": steps,
            "batch": batch,
            "eval_every": max(1, steps // evaluations),
            "schedule": schedule,
            "warmup": warmup,
            "test": test,
            "variant": "xsimd/serial",
            "threads": 1,
            "versions": self._versions(workload, rule, extra.get("restart")),
            **{name: value for name, value in extra.items() if value is not None},
        }

    def follow(self, rule, hyper, params, gradients, **extra):
        """An optimizer over given gradients; `extra`: preset, lr, report."""
        return {
            "kind": "follow",
            "rule": rule,
            "hyper": hyper,
            "params": params,
            "gradients": gradients,
            "versions": {"probe": self.probes.get(rule)},
            **extra,
        }

    def plan(self, parameters):
        """The planner's table for a model of that many parameters."""
        return {"kind": "plan", "parameters": parameters, "versions": {"probe": self.probes.get("plan")}}

    def timed(self, kind, round_number, **config):
        """A measurement of time: belongs to this machine and program, and to one round."""
        return {
            "kind": kind,
            "round": round_number,
            "versions": {"program": self.program},
            **self.machine,
            **config,
        }

    def _versions(self, workload, rule, restart):
        found = {
            "probe": self.probes.get(f"{workload}/{rule}"),
            "workload": self.workloads.get(workload),
            "data_isa": self.data_isas.get(workload),
            "libm": self.libm,
        }
        if restart and restart.get("rule", rule) != rule:
            found["probe_after_restart"] = self.probes.get(f"{workload}/{restart['rule']}")
        return found


def context_of(programs, profile, machine, digest, only=()):
    """The context of this machine and these programs."""
    listed = run_json([programs["steplab"], "train", "--list", "--json"])
    workloads = {w["name"]: w["version"] for w in listed["workloads"]}
    for workload in only:
        if workload not in workloads:
            raise UsageError(f"unknown workload '{workload}' in --workloads; known: {', '.join(workloads)}")
    smallest = {
        w["name"]: min(w["sizes"], key=lambda size: size["parameters"])["name"] for w in listed["workloads"]
    }
    bits, isas = probe(programs, smallest, machine["rules"])
    return Context(
        profile,
        machine["version"],
        machine["data_isa"],
        workloads,
        {"cpu": machine.get("cpu"), "digest": digest},
        tuple(only),
        machine.get("peers", {}),
        bits,
        isas,
        machine["libm"],
    )


def settings_of(context):
    """What the store keeps of a context.

    Not `only`: the report shows all that is there.
    """
    return {
        "profile": context.profile.name,
        "program": context.program,
        "data_isa": context.data_isa,
        "workloads": context.workloads,
        "machine": context.machine,
        "peers": context.peers,
        "probes": context.probes,
        "data_isas": context.data_isas,
        "libm": context.libm,
    }


def context_from(settings):
    """The context that a stored run had."""
    return Context(
        profile_named(settings["profile"]),
        settings["program"],
        settings["data_isa"],
        settings["workloads"],
        settings["machine"],
        peers=settings.get("peers", {}),
        probes=settings["probes"],
        data_isas=settings["data_isas"],
        libm=settings["libm"],
    )


def rounded(value, digits=6):
    """A hyperparameter that a person can read."""
    return float(f"{value:.{digits}g}") if isinstance(value, float) else value
