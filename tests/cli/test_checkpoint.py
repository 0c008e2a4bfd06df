"""Checkpoints of steplab train: read by other programs, and gone on from.

Environment: STEPLAB_PROGRAM.
"""

import json
import subprocess
import time
from pathlib import Path

import numpy
import pytest

from test_cli import PROGRAM, put_together, refused, steplab, steplab_json, take_apart

PEERS_PYTHON = Path(__file__).parents[2] / "build" / "peers" / "bin" / "python"
STEPS = 60
CURVE = ["--steps", str(STEPS), "--eval-every", "10"]
MLP = ["--workload", "mlp", "--size", "small", "--rule", "adamw", "--lr", "1e-3", *CURVE]
TOY = ["--workload", "quadratic", "--size", "small", "--rule", "sgd", "--lr", "0.1", *CURVE]
NOISY = [
    "--workload",
    "quadratic",
    "--size",
    "small",
    "--option",
    "noise=1",
    "--batch",
    "4",
    "--rule",
    "adam",
    *CURVE,
]


def interrupted(path, arguments, every=7):
    """Kills a run as soon as it has written a checkpoint; the step that it is at."""
    for _ in range(20):
        path.unlink(missing_ok=True)
        run = subprocess.Popen(
            [PROGRAM, "train", *arguments, "--checkpoint", path, "--checkpoint-every", str(every)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not path.exists() and run.poll() is None:
            time.sleep(1e-4)
        run.kill()
        run.wait()
        step = int(metadata(path)["note/progress/step"])
        if step < STEPS:
            return step
    pytest.fail("the run was always over before it could be killed")


def changed(arguments, *changes):
    """Flags with other values, or more of them."""
    values = dict(zip(arguments[::2], arguments[1::2])) | dict(zip(changes[::2], changes[1::2]))
    return [word for pair in values.items() for word in pair]


def metadata(path):
    return take_apart(path)[0]["__metadata__"]


def outcome(*arguments, **environment):
    """All that does not depend on time, variant and threads."""
    result = steplab_json("train", *arguments, **environment)
    return {key: value for key, value in result.items() if key not in ("seconds", "variant", "threads")}


def arrays(path):
    """Our own few lines of reading: tensors by name, and the metadata."""
    header, data = take_apart(path)
    texts = header.pop("__metadata__")
    return {
        name: numpy.frombuffer(data[slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"])
        for name, entry in header.items()
    }, texts


# files


def test_the_file_is_plain_safetensors(tmp_path):
    path = tmp_path / "run.safetensors"
    result = steplab_json("train", *MLP, "--checkpoint", path)
    tensors, texts = arrays(path)
    assert (texts["kind"], texts["version"], texts["rule"], texts["t"]) == (
        "optimizer-checkpoint",
        "1",
        "adamw",
        "60",
    )
    parameters = json.loads(texts["parameters"])
    assert sum(int(numpy.prod(p["shape"])) for p in parameters) == result["parameters"]
    for p in parameters:
        assert p["t"] == "60"
        for slot in ("param", "m", "v"):
            assert list(tensors[f"{slot}/{p['name']}"].shape) == p["shape"]
    assert len(tensors) == 3 * len(parameters)
    assert all((tensors[name] >= 0).all() for name in tensors if name.startswith("v/"))
    (group,) = json.loads(texts["groups"])
    assert group["parameters"] == list(range(len(parameters)))
    assert {name: float(value) for name, value in group["hyper"].items()} == {
        name: float(value) for name, value in result["hyper"].items()
    }
    assert group["hyper"]["beta2"] == "0.999"
    assert list(tmp_path.iterdir()) == [path]


def test_the_safetensors_package_reads_the_same(tmp_path):
    found = (
        subprocess.run([PEERS_PYTHON, "-c", "import safetensors, numpy"], capture_output=True)
        if PEERS_PYTHON.exists()
        else None
    )
    if found is None or found.returncode != 0:
        pytest.skip("build/peers has no safetensors package: ./scripts/setup --peers")
    path = tmp_path / "run.safetensors"
    steplab_json("train", *MLP, "--checkpoint", path)
    script = """
import json, sys
from safetensors import safe_open
with safe_open(sys.argv[1], "numpy") as file:
    print(json.dumps([file.metadata(), {name: [file.get_tensor(name).tobytes().hex(),
                                               list(file.get_tensor(name).shape)] for name in file.keys()}]))
"""
    done = subprocess.run([PEERS_PYTHON, "-c", script, path], capture_output=True, text=True, check=True)
    texts, tensors = json.loads(done.stdout)
    ours, our_texts = arrays(path)
    assert texts == our_texts
    assert tensors == {name: [array.tobytes().hex(), list(array.shape)] for name, array in ours.items()}


# resuming


@pytest.mark.parametrize(
    "workload", ["quadratic", "rosenbrock", "logistic", "mlp", "cnn", "softmax", "transformer"]
)
def test_a_killed_run_of_every_workload_goes_on_to_the_same_end(workload, tmp_path):
    path = tmp_path / "run"
    arguments = [
        "--workload",
        workload,
        "--size",
        "small",
        "--rule",
        "adam",
        "--lr",
        "1e-3",
        *CURVE,
        "--variant",
        "scalar/serial",
    ]
    assert interrupted(path, arguments) % 7 == 0
    other = changed(arguments, "--variant", "xsimd/tbb", "--threads", "2")
    assert outcome(*other, "--resume", path) == outcome(*arguments)


def test_every_workload_is_among_them():
    listed = {workload["name"] for workload in steplab_json("train", "--list")["workloads"]}
    (mark,) = test_a_killed_run_of_every_workload_goes_on_to_the_same_end.pytestmark
    assert set(mark.args[1]) == listed


@pytest.mark.parametrize(
    "changes",
    [
        ["--rule", "sgd", "--hyper", "momentum=0.9"],
        ["--rule", "adamw", "--hyper", "amsgrad=true", "--preset", "pytorch"],
        ["--schedule", "cosine", "--warmup", "0.2"],
        ["--clip-norm", "0.01"],
        ["--correction", "v"],
        ["--seed", "7", "--batch", "1"],
        ["--restart-at", "3", "--restart-keep", "no_count", "--restart-lr-factor", "0.5"],
        ["--restart-at", "3", "--restart-option", "kappa=7"],
        ["--restart-at", "3", "--restart-option", "noise=0", "--batch", "1"],
        ["--restart-at", "14", "--restart-rule", "sgd", "--restart-hyper", "momentum=0.5"],
        ["--restart-at", "55", "--restart-rule", "sgd"],
    ],
    ids=" ".join,
)
def test_resuming_is_exact_whatever_the_trial(changes, tmp_path):
    path = tmp_path / "run"
    arguments = changed(NOISY, *changes)
    interrupted(path, arguments)
    assert outcome(*arguments, "--resume", path) == outcome(*arguments)


def test_a_run_killed_again_and_again_goes_on_in_one_file(tmp_path):
    path = tmp_path / "run"
    arguments = [*NOISY, "--schedule", "cosine"]
    whole = outcome(*arguments)
    interrupted(path, arguments, every=1)
    for _ in range(3):
        step = int(metadata(path)["note/progress/step"])
        run = subprocess.Popen(
            [PROGRAM, "train", *arguments, "--resume", path, "--checkpoint-every", "1"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while int(metadata(path)["note/progress/step"]) <= step and run.poll() is None:
            time.sleep(1e-4)
        run.kill()
        run.wait()
    assert outcome(*arguments, "--resume", path, "--checkpoint-every", "1") == whole
    assert list(tmp_path.iterdir()) == [path]
    assert outcome(*arguments, "--resume", path) == whole  # nothing is left to do


def test_a_trial_can_be_made_longer_or_shorter_under_a_constant_rate(tmp_path):
    path, other = tmp_path / "run", tmp_path / "other"
    outcome(*TOY, "--checkpoint", path)
    longer, shorter, uneven = (changed(TOY, "--steps", steps) for steps in ("90", "59", "55"))
    assert outcome(*longer, "--resume", path) == outcome(*longer)
    assert interrupted(other, TOY, every=1) < 59
    assert outcome(*shorter, "--resume", other) == outcome(*shorter)
    refused(
        steplab("train", *shorter, "--resume", path),
        1,
        "trial of 60 steps, this one has 59",
        "more than the 60",
    )
    outcome(*uneven, "--checkpoint", path)
    refused(steplab("train", *longer, "--resume", path), 1, "its last step had an evaluation")


@pytest.mark.parametrize(
    "changes, parts",
    [
        (["--seed", "2"], ["seed is '1', this trial's is '2'"]),
        (["--lr", "0.2"], ["hyper is 'lr=0.1 ", "this trial's is 'lr=0.2 "]),
        (["--size", "medium"], ["size is 'small', this trial's is 'medium'"]),
        (["--workload", "rosenbrock"], ["workload is 'quadratic', this trial's is 'rosenbrock'"]),
        (["--option", "kappa=7"], ["workload_version is '1 kappa=100 ", "'1 kappa=7 "]),
        (["--rule", "adam"], ["rule is 'sgd', this trial's is 'adam'"]),
        (["--hyper", "momentum=0.9"], ["momentum=0 ", "momentum=0.9 "]),
        (["--preset", "pytorch"], ["decay_order is 'after', this trial's is 'before'"]),
        (["--eval-every", "20"], ["eval_every is '10', this trial's is '20'"]),
        (["--schedule", "cosine"], ["schedule is 'constant', this trial's is 'cosine'"]),
        (["--warmup", "0.5"], ["warmup is '0', this trial's is '0.5'"]),
        (["--clip-norm", "1"], ["clip_norm is 'none', this trial's is '1'"]),
        (["--restart-at", "9"], ["restart is 'none', this trial's is 'at 9, keep all"]),
    ],
    ids=lambda x: x[0],
)
def test_another_trial_is_refused_with_the_difference(changes, parts, tmp_path):
    path = tmp_path / "run"
    steplab_json("train", *TOY, "--checkpoint", path)
    refused(steplab("train", *changed(TOY, *changes), "--resume", path), 1, str(path), *parts)


def test_another_arithmetic_of_the_data_is_refused(tmp_path):
    path = tmp_path / "run"
    if steplab_json("train", *MLP, "--checkpoint", path)["data_isa"] != "avx2":
        pytest.skip("there is one arithmetic alone")
    refused(
        steplab("train", *MLP, "--resume", path, STEPLAB_DATA_ISA="baseline"),
        1,
        "data_isa is 'avx2', this trial's is 'baseline'",
    )


def test_another_length_under_a_schedule_is_refused(tmp_path):
    path = tmp_path / "run"
    arguments = [*NOISY, "--schedule", "cosine"]
    interrupted(path, arguments)
    refused(
        steplab("train", *changed(arguments, "--steps", "90"), "--resume", path),
        1,
        "of 60 steps, this one has 90",
        "constant learning rate",
    )


def test_what_is_no_checkpoint_of_a_trial_is_refused(tmp_path):
    refused(steplab("train", *TOY, "--resume", tmp_path / "none"), 1, "cannot open")
    path = tmp_path / "run"
    steplab_json("train", *TOY, "--checkpoint", path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    refused(steplab("train", *TOY, "--resume", path), 1, "cut off")
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    refused(steplab("train", *TOY, "--resume", path), 1, "damaged: its checksum is")
    path.write_bytes(whole.replace(b'"note/trial/seed":"1"', b'"note/trial/seed":"2"'))
    refused(steplab("train", *TOY, "--resume", path), 1, "damaged: its checksum is")
    refused(
        steplab("train", *TOY, "--resume", put_together(path, *take_apart(path))),
        1,
        "has no checksum",
        "anew",
    )


def test_a_diverging_trial_keeps_its_last_good_checkpoint(tmp_path):
    path = tmp_path / "run"
    arguments = ["--workload", "quadratic", "--size", "small", "--rule", "sgd", "--lr", "3", "--steps", "500"]
    whole = outcome(*arguments, "--checkpoint", path, "--checkpoint-every", "1")
    assert whole["diverged"] and int(metadata(path)["note/progress/step"]) == whole["steps_done"] - 1
    assert outcome(*arguments, "--resume", path) == whole


@pytest.mark.parametrize(
    "arguments, part",
    [
        (["--checkpoint-every", "5"], "--checkpoint or --resume"),
        (["--checkpoint", "x", "--checkpoint-every", "0"], "steps between checkpoints are 0"),
        (["--checkpoint", "x", "--checkpoint-every", "-1"], "-1"),
        (["--resume", "x", "--record", "y"], "--record with --resume"),
        (["--resume", "x", "--observe", "3"], "cannot observe"),
    ],
)
def test_wrong_usage_of_checkpoints(arguments, part, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refused(steplab("train", *TOY, *arguments), 2, part)
    assert not any(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_known_before_the_first_step(tmp_path):
    refused(steplab("train", *TOY, "--checkpoint", tmp_path / "none" / "x"), 1, "there is no folder")
