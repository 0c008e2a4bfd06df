"""Kinds of configurations that are not a worker's: each a function (programs, config) → result.

`train` and `follow` go to `steplab worker`. `plan` asks the planner for the memory of a model. The others
time programs, one process a configuration, alone on the machine:

`adam_steplab`, `adam_numpy`, `adam_torch`: seconds of one Adam step of `sizes` parameters with one thread
and with all, {"version", "default": {threads: {n: s}}}, PyTorch's with "fused" too. `torch_train_time`:
seconds of a training step of a workload's model in PyTorch.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from ..errors import StudyError
from ..machine import peers_python
from ..machine.build import ROOT
from ..machine.describe import run_json, thread_counts

_BASELINES = ROOT / "bench" / "baselines"
_TRAIN_STEP = ROOT / "bench" / "convergence" / "torch_train_step.py"
_CELL = re.compile(r"step/adam/[^/]+/(?:serial|tbb)/n:(\d+)/tensors:1/threads:(\d+)")


def plan(programs, config):
    """`steplab plan --json` for `parameters` parameters."""
    return run_json([programs["steplab"], "plan", "--parameters", repr(config["parameters"]), "--json"])


def adam_numpy(programs, config):
    """NumPy's form; its operations on arrays run in one thread."""
    command = [sys.executable, _BASELINES / "numpy_adam.py", "--min-time", config["min_time"]]
    return run_json([*command, "--sizes", *config["sizes"]])


def adam_torch(programs, config):
    """PyTorch's Adam, its default for the CPU and the fused one."""
    command = [_python(), _BASELINES / "torch_adam.py", "--min-time", config["min_time"]]
    return run_json([*command, "--sizes", *config["sizes"], "--threads", *_thread_counts(programs)])


def adam_steplab(programs, config):
    """The cells of bench_step at these sizes, verified there."""
    threads = _thread_counts(programs)
    sizes = "|".join(str(n) for n in config["sizes"])
    variants = [("serial", 1)] + [("tbb", count) for count in threads if count > 1]
    cells = "|".join(f"{schedule}/n:({sizes})/tensors:1/threads:{t}" for schedule, t in variants)
    chosen = f"^step/adam/xsimd-[^/]*/({cells})(/|$)"
    seconds = {str(t): {} for t in threads}
    for entry in _bench(programs["bench_step"], chosen, config["min_time"]):
        cell = _CELL.fullmatch(entry["name"])
        if cell is None:  # such as the streams that tell drift
            continue
        if entry.get("error_occurred"):
            raise StudyError(f"{entry['name']}: {entry.get('error_message')}")
        n, count = cell.groups()
        seconds[count][n] = entry["real_time"] * 1e-9
    missing = [n for cells in seconds.values() for n in config["sizes"] if str(n) not in cells]
    if missing:
        raise StudyError(f"bench_step has no Adam cell of {missing[0]} parameters on this machine")
    return {"framework": "steplab", "version": config["versions"]["program"], "default": seconds}


def torch_train_time(programs, config):
    """PyTorch's eager training step of the same model, batch and threads."""
    if not _TRAIN_STEP.is_file():
        raise StudyError(f"'{_TRAIN_STEP.relative_to(ROOT)}' is not there")
    words = {"model": config["workload"], "size": config["size"], "optimizer": config["optimizer"]}
    words |= {"threads": 1, "batch": config["batch"], "steps": config["steps"]}
    options = [text for name, value in words.items() for text in (f"--{name}", value)]
    return run_json([_python(), _TRAIN_STEP, *options])


def _python():
    if not peers_python.PYTHON.exists():
        raise StudyError("PyTorch is not installed for comparison: ./scripts/setup --peers")
    return peers_python.PYTHON


def _thread_counts(programs):
    return thread_counts(run_json([programs["steplab"], "info", "--json"]))


def _bench(path, chosen, min_time):
    """The entries of the full profile's cells that `chosen` matches."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "out.json"
        command = [str(path), "--profile=full", f"--benchmark_filter={chosen}", f"--benchmark_out={out}"]
        command += [f"--benchmark_min_time={min_time}", "--benchmark_out_format=json"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise StudyError(f"{Path(path).name} {chosen}: {done.stderr.strip()}")
        return json.loads(out.read_text())["benchmarks"]


FUNCTIONS = {f.__name__: f for f in (plan, adam_numpy, adam_torch, adam_steplab, torch_train_time)}
