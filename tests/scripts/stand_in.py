"""Plays `steplab` and the benchmark programs with made-up results, in their real command line and output
shapes."""

import argparse
import json
import os
import random
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / "scripts"), str(Path(__file__).parent)]
from made_up import MACHINE, curve, memory_samples, step_samples  # noqa: E402


def main(name, arguments):
    _record(name, arguments)
    if name == "steplab" and arguments[0] == "info":
        print(json.dumps(MACHINE))
    elif name == "steplab":
        _train(arguments[1:])
    else:
        _benchmark(name, arguments)


def _record(name, arguments):
    with open(Path(os.environ["STAND_IN_FOLDER"]) / "calls.txt", "a") as file:
        file.write(f"{name} {' '.join(arguments)}\n")


def _train(arguments):
    if "STAND_IN_FAILS" in os.environ:
        sys.exit(f"steplab: {os.environ['STAND_IN_FAILS']}")
    parser = argparse.ArgumentParser()
    for option in ("workload", "size", "rule", "schedule", "variant"):
        parser.add_argument(f"--{option}")
    for option in ("seed", "steps", "batch", "eval-every", "threads"):
        parser.add_argument(f"--{option}", type=int)
    parser.add_argument("--lr", type=float)
    for option in ("hyper", "option"):
        parser.add_argument(f"--{option}", action="append", default=[])
    parser.add_argument("--json", action="store_true")
    given = vars(parser.parse_args(arguments))
    if given["steps"] > 1:
        time.sleep(float(os.environ.get("STAND_IN_SECONDS", "0")))
    generator = random.Random(json.dumps(given, sort_keys=True))
    result = curve(given, 0.05, generator)
    print(json.dumps({**result, "workload_version": "1", "data_isa": "avx2"}))


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
    context = {"host_name": "secret-host", "executable": "/secret/path"}
    Path(out).write_text(json.dumps({"context": context, "benchmarks": entries}))
    sys.exit(any("error_occurred" in e for e in entries))  # as the real one does when a cell failed its check


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
