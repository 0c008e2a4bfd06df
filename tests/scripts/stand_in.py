"""Plays `steplab` and the benchmark programs with made-up results, in their real command line and output
shapes."""

import json
import os
import random
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / "scripts"), str(Path(__file__).parent)]
from made_up import MACHINE, SLOTS, memory_samples, step_samples  # noqa: E402

SIZES = [{"name": "medium", "parameters": 9}, {"name": "small", "parameters": 3}]
PROBE_STEPS = 12  # of machine/probes.py: no trial of a study is as short
WORKLOADS = ("quadratic", "rosenbrock", "logistic", "softmax", "mlp", "cnn", "transformer")


def main(name, arguments):
    _record(f"{name} {' '.join(arguments)}")
    if name == "steplab" and arguments[0] == "info":
        known = {"data_isa": "avx2", "libm": "0123456789abcdef", "rules": ["adam", "sgd"]}
        print(json.dumps({**MACHINE, **known}))
    elif name == "steplab" and arguments == ["train", "--list", "--json"]:
        print(json.dumps({"workloads": [{"name": w, "version": "1", "sizes": SIZES} for w in WORKLOADS]}))
    elif name == "steplab" and arguments == ["worker"]:
        _worker()
    elif name == "steplab" and arguments[:2] == ["plan", "--parameters"]:
        print(json.dumps(_plan(float(arguments[2]))))
    elif name == "steplab":
        sys.exit(f"the stand-in has no steplab {' '.join(arguments)}")
    else:
        _benchmark(name, arguments)


def _record(call):
    with open(Path(os.environ["STAND_IN_FOLDER"]) / "calls.txt", "a") as file:
        file.write(f"{call}\n")


def _plan(parameters):
    """The planner's arithmetic: four bytes a parameter and slot."""
    rows = [
        {
            "optimizer": optimizer,
            "parameter_bytes": 4 * parameters,
            "gradient_bytes": 4 * parameters,
            "state_bytes": 4 * slots * parameters,
            "total_bytes": 4 * (2 + slots) * parameters,
            "checkpoint_bytes": 4 * (1 + slots) * parameters,
        }
        for optimizer, slots in SLOTS.items()
    ]
    return {"parameters": parameters, "optimizers": rows}


def _worker():
    for line in sys.stdin:
        request = json.loads(line)
        if request["kind"] == "follow" or request["config"]["steps"] == PROBE_STEPS:
            print(json.dumps({"id": request["id"], "result": {"bits": 1, "data_isa": "avx2"}}), flush=True)
            continue
        _record(f"trial {request['kind']}")
        time.sleep(float(os.environ.get("STAND_IN_SECONDS", "0")))
        answer = {"result": _trial(request["config"])}
        if "STAND_IN_FAILS" in os.environ:
            answer = {"error": os.environ["STAND_IN_FAILS"]}
        print(json.dumps({"id": request["id"], **answer}), flush=True)


def _trial(config):
    """A loss that falls to a level of its own, whatever is trained."""
    generator = random.Random(json.dumps(config, sort_keys=True))
    steps, every = config["steps"], config["eval_every"]
    level = 0.1 + 0.02 * generator.random()
    evaluations = [
        {
            "step": s,
            "train_loss": level + 2 * 0.5 ** (10 * s / steps),
            "validation_loss": level + 2 * 0.5 ** (10 * s / steps),
        }
        for s in sorted({*range(0, steps, every), steps})
    ]
    return {
        "parameters": 64,
        "steps": steps,
        "steps_done": steps,
        "evaluations": evaluations,
        "test": {"loss": level} if config.get("test", True) else None,
        "diverged": False,
        "final_bits": f"{generator.getrandbits(64):016x}",
        "seconds": {"total": 1e-4 * steps, "gradient": 9e-5 * steps, "optimizer": 1e-5 * steps},
    }


def _benchmark(name, arguments):
    samples = list(memory_samples() if name == "bench_memory" else step_samples(random.Random(1)))
    if "--benchmark_list_tests=true" in arguments:
        print("\n".join(cell for cell, _ in samples))
        return
    entries = []
    for cell, sample in samples:
        entry = {"name": cell, "run_type": "iteration", "repetition_index": 0, **sample}
        if "error" in entry:
            entry["error_occurred"], entry["error_message"] = True, entry.pop("error")
        entries.append(entry)
        print(f"{cell} 1 ns")
    out = next(a.split("=", 1)[1] for a in arguments if a.startswith("--benchmark_out="))
    context = {
        "host_name": "secret-host",
        "executable": "/secret/path",
        "serial_below": "sgd 16384, sgd_momentum 16384, adam 16384, adamw 16384, adam_amsgrad 16384",
    }
    Path(out).write_text(json.dumps({"context": context, "benchmarks": entries}))
    sys.exit(any("error_occurred" in e for e in entries))  # as the real one does when a cell failed its check


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
