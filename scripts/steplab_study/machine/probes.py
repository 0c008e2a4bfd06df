"""What a program computes, told by the bits of short trials.

A trial's key holds the bits of its workload and rule, so that a change of arithmetic loses the results that
it touched and no others, and a change that computes the same loses none.
"""

import hashlib
import json
import subprocess

from ..errors import StudyError
from .describe import run_json

STEPS = 12
_SETTINGS = {  # of a rule, so that every option has its say: {rule: hyperparameters besides lr, a probe each}
    "sgd": ({}, {"momentum": 0.9, "dampening": 0.1, "weight_decay": 0.01}, {"momentum": 0.9, "nesterov": 1}),
    "adam": ({}, {"beta1": 0.4, "amsgrad": 1, "weight_decay": 0.01}),
    "adamw": ({}, {"beta1": 0.4, "amsgrad": 1, "weight_decay": 0.01}),
}
_OPTIONS = {"quadratic": {"noise": 0.1, "rotated": 1}}  # of a workload
_DIGITS = 16


def probe(programs, workloads, rules):
    """({"WORKLOAD/RULE": bits, "RULE": bits, "plan": bits}, {WORKLOAD: instruction set of its arithmetic}):
    of training, of following given gradients, and of the planner.

    `workloads`: {name: its smallest size}. A workload without its data has neither.
    """
    requests = {f"{workload}/{rule}": [] for workload in workloads for rule in rules}
    requests |= {rule: [] for rule in rules}
    for name, asked in requests.items():
        workload, _, rule = name.rpartition("/")
        for hyper in _SETTINGS.get(rule, ({},)):
            given = {"rule": rule, "hyper": {"lr": 0.01, **hyper}}
            asked.append(_trial(workload, workloads[workload], given) if workload else _steps(given))
    answers = iter(_ask(programs["steplab"], [one for asked in requests.values() for one in asked]))
    bits, isas = {}, {}
    for name, asked in requests.items():
        results = [next(answers) for _ in asked]
        if not results or any(result is None for result in results):
            continue
        bits[name] = _bits(results)
        if "/" in name:
            isas[name.partition("/")[0]] = results[0].get("data_isa")
    planned = run_json([programs["steplab"], "plan", "--parameters", "1000003", "--json"])
    return bits | {"plan": _bits(planned)}, isas


def _trial(workload, size, given):
    config = {"workload": workload, "size": size, "options": _OPTIONS.get(workload, {}), **given}
    config |= {"seed": 1, "steps": STEPS, "eval_every": STEPS // 2, "schedule": "cosine", "warmup": 0.25}
    config |= {"clip_norm": 1.0, "variant": "xsimd/serial", "threads": 1}
    return {"kind": "train", "config": config}


def _steps(given):
    gradients = [[[0.5, -1.0, 3e-5]], [[0.25, 2.0, -1e-4]], [None], [[-0.125, 1.0, 7.0]]]
    return {"kind": "follow", "config": {**given, "params": [[1.0, -2.0, 0.3]], "gradients": gradients}}


def _ask(program, requests):
    """The results, in order; None where one was refused."""
    lines = "".join(json.dumps({"id": i, **request}) + "\n" for i, request in enumerate(requests))
    done = subprocess.run([program, "worker"], input=lines, capture_output=True, text=True)
    answers = done.stdout.splitlines()
    if done.returncode != 0 or len(answers) != len(requests):
        raise StudyError(
            f"steplab worker answered {len(answers)} of {len(requests)} probes and ended with exit code "
            f"{done.returncode}{': ' if done.stderr else ''}{done.stderr.strip()[-300:]}"
        )
    return [json.loads(answer).get("result") for answer in answers]


def _bits(results):
    text = json.dumps(_untimed(results), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def _untimed(value):
    """A copy without times, wherever they stand."""
    if isinstance(value, dict):
        return {name: _untimed(v) for name, v in value.items() if "seconds" not in name}
    return [_untimed(v) for v in value] if isinstance(value, list) else value
