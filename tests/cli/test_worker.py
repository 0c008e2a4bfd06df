"""steplab worker as a study uses it. Environment: STEPLAB_PROGRAM, path of the program."""
import json
import math
import os
import signal
import struct
import subprocess

import pytest

from test_cli import PROGRAM, TRACES, refused, steplab, steplab_json, take_apart

TOY = {"workload": "quadratic", "size": "small", "rule": "sgd", "steps": 20, "threads": 1}
MLP = {"workload": "mlp", "size": "small", "rule": "adamw", "hyper": {"lr": 1e-3}, "steps": 12,
       "eval_every": 5, "threads": 1}


class Worker:
    """A worker that answers one request after the other."""

    def __enter__(self):
        self.process = subprocess.Popen([PROGRAM, "worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_):
        _, errors = self.process.communicate(timeout=60)  # closes its input
        assert self.process.returncode == 0 and errors == ""

    def send(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def ask(self, kind, config, number=1):
        answer = self.send(json.dumps({"id": number, "kind": kind, "config": config}))
        assert answer["id"] == number and set(answer) in ({"id", "result"}, {"id", "error"})
        return answer

    def train(self, **config):
        answer = self.ask("train", config)
        assert "result" in answer, answer
        return answer["result"]

    def follow(self, **config):
        answer = self.ask("follow", config)
        assert "result" in answer, answer
        return answer["result"]["steps"]

    def error(self, kind, config):
        return self.ask(kind, config)["error"]


@pytest.fixture(scope="module")
def worker():
    with Worker() as shared:
        yield shared


def without_seconds(result):
    return {key: value for key, value in result.items() if key != "seconds"}


# requests

EVERYTHING = {**MLP, "options": {"train_samples": 2000}, "preset": "pytorch", "schedule": "cosine",
              "warmup": 0.25, "seed": 7, "batch": 32, "variant": "scalar/serial", "clip_norm": 0.5,
              "correction": "none", "observe": 2,
              "restart": {"at": 6, "keep": "no_count", "lr_factor": 0.5, "options": {"train_samples": 1000}}}
EVERYTHING_FLAGS = ["--option", "train_samples=2000", "--preset", "pytorch", "--schedule", "cosine",
                    "--warmup", "0.25", "--seed", "7", "--batch", "32", "--variant", "scalar/serial",
                    "--clip-norm", "0.5", "--correction", "none", "--observe", "2", "--restart-at", "6",
                    "--restart-keep", "no_count", "--restart-lr-factor", "0.5", "--restart-option",
                    "train_samples=1000"]
MLP_FLAGS = ["train", "--workload", "mlp", "--size", "small", "--rule", "adamw", "--lr", "1e-3", "--steps",
             "12", "--eval-every", "5", "--threads", "1"]


@pytest.mark.parametrize("config, flags", [
    (MLP, []),
    (EVERYTHING, EVERYTHING_FLAGS),
    ({**MLP, "test": False}, ["--no-test"]),
    ({**MLP, "restart": {"at": 4, "rule": "sgd", "hyper": {"lr": 0.1, "nesterov": True, "momentum": 0.9}}},
     ["--restart-at", "4", "--restart-rule", "sgd", "--restart-hyper", "lr=0.1", "--restart-hyper",
      "nesterov=true", "--restart-hyper", "momentum=0.9"])])
def test_a_result_is_what_train_prints(worker, config, flags):
    printed = without_seconds(steplab_json(*MLP_FLAGS, *flags))
    assert without_seconds(worker.train(**config)) == printed
    worker.train(**{**TOY, "options": {"kappa": 7}})
    assert without_seconds(worker.train(**config)) == printed  # whatever came between


def test_a_plain_trial_says_what_was_left_off(worker):
    result = worker.train(**MLP)
    assert (result["clip_norm"], result["clipped_steps"], result["correction"]) == (None, 0, "both")
    assert result["restart"] is None and "observed" not in result
    assert set(result["test"]) == {"loss", "accuracy"}
    assert worker.train(**MLP, test=False)["test"] is None


def test_null_is_absent(worker):
    nulls = dict.fromkeys(("clip_norm", "restart", "epochs", "batch", "observe", "options", "schedule"))
    assert without_seconds(worker.train(**TOY, **nulls)) == without_seconds(worker.train(**TOY))


def test_losses_that_are_not_finite_are_null(worker):
    result = worker.train(**{**TOY, "hyper": {"lr": 1e38}, "options": {"kappa": 1e8}, "steps": 500})
    assert result["diverged"] is True
    assert result["evaluations"][-1]["validation_loss"] is None


def test_ids_come_back_as_they_are(worker):
    for number in (0, 2**53, "a trial", [1, "two"], None, {"step": 1}):
        assert worker.ask("train", TOY, number)["id"] == number


@pytest.mark.parametrize("kind, config, parts", [
    ("train", {**TOY, "step": 3}, ["'step'", "steps, epochs"]),
    ("train", {**TOY, "restart": {"at": 3, "keeps": "all"}}, ["'keeps'", "restart", "lr_factor"]),
    ("train", {"size": "small"}, ["\"workload\" is missing"]),
    ("train", {**TOY, "restart": {}}, ["\"at\" is missing in restart"]),
    ("train", {**TOY, "workload": "mpl"}, ["mpl", "quadratic"]),
    ("train", {**TOY, "size": 3}, ["size of config is 3", "text"]),
    ("train", {**TOY, "steps": -1}, ["steps of config is -1"]),
    ("train", {**TOY, "steps": 1.5}, ["1.5", "whole"]),
    ("train", {**TOY, "steps": "9"}, ["\"9\"", "whole"]),
    ("train", {**TOY, "epochs": 1}, ["steps or epochs"]),
    ("train", {**TOY, "seed": 1e300}, ["seed"]),
    ("train", {**TOY, "threads": 0}, ["threads"]),
    ("train", {**TOY, "threads": 2**40}, ["threads"]),
    ("train", {**TOY, "hyper": {"lr": "fast"}}, ["hyper.lr", "fast"]),
    ("train", {**TOY, "hyper": [1]}, ["hyper of config is [1]"]),
    ("train", {**TOY, "hyper": {"rate": 1}}, ["rate"]),
    ("train", {**TOY, "options": {"kapa": 1}}, ["kapa", "kappa"]),
    ("train", {**TOY, "preset": "keras"}, ["teaching, pytorch"]),
    ("train", {**TOY, "schedule": "linear"}, ["constant, cosine"]),
    ("train", {**TOY, "variant": "gpu"}, ["gpu"]),
    ("train", {**TOY, "test": 1}, ["test of config is 1", "true or false"]),
    ("train", {**TOY, "clip_norm": 0}, ["clip_norm is 0"]),
    ("train", {**TOY, "clip_norm": True}, ["clip_norm", "number"]),
    ("train", {**TOY, "correction": "all"}, ["both, m, v, none"]),
    ("train", {**TOY, "correction": "none"}, ["sgd", "adam and adamw"]),
    ("train", {**TOY, "observe": -1}, ["observe"]),
    ("train", {**TOY, "restart": 10}, ["restart is 10", "object"]),
    ("train", {**TOY, "restart": {"at": 20}}, ["step 20 of 20"]),
    ("train", {**TOY, "restart": {"at": 10, "keep": "some"}}, ["all, no_count, no_moments, none"]),
    ("train", {**TOY, "restart": {"at": 10, "rule": "adam", "keep": "all"}}, ["accepted is none"]),
    ("train", {**TOY, "restart": {"at": 10, "lr_factor": 0}}, ["lr_factor"]),
    ("train", [], ["config is []", "object"]),
    ("trian", TOY, ["'trian'", "train, follow"])])
def test_a_refused_request_is_answered_and_the_worker_goes_on(worker, kind, config, parts):
    error = worker.error(kind, config)
    for part in parts:
        assert part in error, error
    assert worker.train(**TOY)["steps_done"] == 20


@pytest.mark.parametrize("line, part", [
    ("", "not JSON"), ("steps", "not JSON"), ("[1]", "accepted is an object"), ("{}", '"kind" is missing'),
    ('{"id": 1, "id": 2}', "twice"), ('{"kind": "train"}', "\"config\" is missing"),
    ('{"kind": "train", "config": {"steps": NaN}}', "not JSON"), ("[" * 1000, "nested"),
    ('{"kind": "train", "config": {}, "priority": 1}', "'priority'"),
    ('{"kind": 1}', "kind of request is 1")])
def test_a_line_that_is_no_request_is_answered(worker, line, part):
    answer = worker.send(line)
    assert answer["id"] is None and part in answer["error"]
    assert worker.train(**TOY)["steps_done"] == 20


def test_missing_data_is_an_error_of_one_request(worker, tmp_path):
    assert "dataset-fashion-mnist" in worker.error("train", {**MLP, "data": str(tmp_path)})
    assert worker.train(**MLP)["steps_done"] == 12


def test_it_ends_with_its_input_and_leaves_interrupts_to_its_parent():
    with Worker() as own:
        own.train(**TOY)
        os.kill(own.process.pid, signal.SIGINT)
        assert own.train(**TOY)["steps_done"] == 20
    done = subprocess.run([PROGRAM, "worker"], input='{"id": 1, "kind": "train"}', capture_output=True,
                          text=True)
    assert done.returncode == 0 and json.loads(done.stdout)["id"] == 1  # a last line without its end


def test_help_names_the_worker():
    assert "worker" in steplab("--help").stdout
    assert "follow" in steplab("worker", "--help").stdout


# features of trials

def test_clipping_gives_the_same_bits_with_any_number_of_threads(worker):
    config = {**MLP, "rule": "sgd", "hyper": {"lr": 0.1}, "clip_norm": 0.5}
    one, two = (worker.train(**{**config, "threads": threads}) for threads in (1, 2))
    assert one["final_bits"] == two["final_bits"]
    assert one["clipped_steps"] == two["clipped_steps"] > 0
    assert one["final_bits"] != worker.train(**{**config, "clip_norm": 1e9})["final_bits"]


def uncorrected_adam(start, steps, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    x, y = start
    m, v, path = [0, 0], [0, 0], []
    for _ in range(steps):
        across = y - x * x
        point = [x, y]
        for i, g in enumerate((-400 * across * x - 2 * (1 - x), 200 * across)):
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g * g
            point[i] -= lr * m[i] / (math.sqrt(v[i]) + eps)
        x, y = point
        path.append(point)
    return path


def test_adam_without_corrections_follows_its_formula(worker):
    config = {"workload": "rosenbrock", "size": "small", "rule": "adam", "hyper": {"lr": 0.01}, "steps": 30,
              "observe": 30, "threads": 1}
    observed = worker.train(**config, correction="none")["observed"]
    expected = uncorrected_adam(observed["initial_values"], 30, 0.01)
    assert observed["step"] == list(range(1, 31))
    for seen, exact in zip(observed["values"], expected):
        assert seen == pytest.approx(exact, abs=1e-5)
    corrected = worker.train(**config)["observed"]["values"]
    assert max(abs(a[0] - b[0]) for a, b in zip(corrected, expected)) > 1e-3


def test_what_is_observed(worker):
    observed = worker.train(**{**TOY, "hyper": {"lr": 1.5}}, observe=8)["observed"]
    assert set(observed) == {"step", "train_loss", "gradient_norm", "update_norm", "sign_changes",
                             "coordinate_sign_changes"}
    assert all(len(observed[key]) == 8 for key in set(observed) - {"coordinate_sign_changes"})
    assert observed["coordinate_sign_changes"][0] == 7 / 8 and observed["coordinate_sign_changes"][-1] == 0
    assert observed["sign_changes"][0] == 0 < observed["sign_changes"][1]
    large = worker.train(**MLP, observe=3)["observed"]
    assert "values" not in large and "coordinate_sign_changes" not in large


@pytest.mark.parametrize("flags, part", [
    (["--restart-keep", "all"], "--restart-at is missing"),
    (["--restart-at", "-1"], "-1"),
    (["--restart-at", "5", "--restart-option", "train_samples"], "key=value"),
    (["--correction", "most"], "both, m, v, none"),
    (["--clip-norm", "-1"], "clip_norm is -1"),
    (["--observe", "x"], "x"),
    (["--restart-at", "5", "--record", "trace.safetensors"], "--record"),
    (["--correction", "none", "--record", "trace.safetensors"], "--record")])
def test_flags_that_are_refused(flags, part, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refused(steplab(*MLP_FLAGS, *flags), 2, part)
    assert not any(tmp_path.iterdir())


def test_a_clipped_trial_makes_a_trace_that_replays(tmp_path):
    trace = tmp_path / "clipped.safetensors"
    assert steplab(*MLP_FLAGS, "--clip-norm", "0.5", "--record", trace).returncode == 0
    assert steplab("replay", trace).returncode == 0


# follow

def test_follow_is_the_formula(worker):
    steps = worker.follow(rule="sgd", hyper={"lr": 0.5, "momentum": 0.5}, params=[[1, 2], [3]],
                          gradients=[[[1, -1], [2]], [[1, -1], None], [[0, 0], [2]]])
    assert steps[0] == {"step": 1, "values": [[0.5, 2.5], [2]], "state": {"velocity": [[1, -1], [2]]}}
    assert steps[1] == {"step": 2, "values": [[-0.25, 3.25], [2]], "state": {"velocity": [[1.5, -1.5], [2]]}}
    assert steps[2]["values"] == [[-0.625, 3.625], [0.5]]


def test_follow_takes_a_learning_rate_a_step_and_reports_the_last(worker):
    config = {"rule": "sgd", "params": [[1]], "gradients": [[[1]], [[1]], [[1]]], "lr": [0.5, 0, 0.25]}
    assert [step["values"] for step in worker.follow(**config)] == [[[0.5]], [[0.5]], [[0.25]]]
    assert worker.follow(**config, report="last") == [{"step": 3, "values": [[0.25]], "state": {}}]
    assert worker.follow(**{**config, "gradients": [], "lr": []}) == []


def test_state_is_null_before_it_is_created(worker):
    steps = worker.follow(rule="adam", hyper={"amsgrad": True}, params=[[1], [1]], gradients=[[[1], None]])
    assert set(steps[0]["state"]) == {"m", "v", "v_max"}
    assert all(state[0] is not None and state[1] is None for state in steps[0]["state"].values())


def test_numbers_are_float32_in_their_shortest_decimals(worker):
    values = [0.1, 1e-45, 3.4028235e38, 16777216.0, -0.0, 1 / 3]
    narrowed = struct.unpack("6f", struct.pack("6f", *values))
    (step,) = worker.follow(rule="sgd", params=[values], gradients=[[None]])
    assert struct.unpack("6f", struct.pack("6f", *step["values"][0])) == narrowed
    assert step["values"][0][0] == 0.1 and math.copysign(1, step["values"][0][4]) == -1


def trace_tensors(path):
    header, data = take_apart(path)
    kinds = {"F32": "f", "F64": "d"}
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        first, last = entry["data_offsets"]
        kind = kinds[entry["dtype"]]
        tensors[name] = struct.unpack(f"<{(last - first) // struct.calcsize(kind)}{kind}", data[first:last])
    return header["__metadata__"], tensors


def preset_of(metadata):
    settings = (metadata["decay_order"], metadata["step_count"])
    return {("after", "global"): "teaching", ("before", "per_parameter"): "pytorch"}.get(settings)


@pytest.mark.parametrize("path", TRACES, ids=lambda path: path.stem)
def test_follow_agrees_with_recorded_traces(worker, path):
    metadata, tensors = trace_tensors(path)
    preset = preset_of(metadata)
    assert preset, "every trace was recorded with one of the presets' settings"
    names, steps = json.loads(metadata["params"]), int(metadata["steps"])
    hyper = json.loads(metadata["hyper"])
    changes = {change["step"]: change["lr"] for change in json.loads(metadata["schedule"])}
    lr, rates = hyper["lr"], []
    for step in range(1, steps + 1):
        lr = changes.get(step, lr)
        rates.append(lr)
    gradients = [[tensors.get(f"grad/{step}/{name}") for name in names] for step in range(1, steps + 1)]
    followed = worker.follow(rule=metadata["rule"], hyper=hyper, preset=preset, lr=rates, gradients=gradients,
                             params=[tensors[f"init/{name}"] for name in names])
    tolerances, compared = json.loads(metadata["tolerance"]), 0
    for key, expected in tensors.items():
        kind, _, rest = key.partition("/")
        if kind not in ("expect", "expect_state"):
            continue
        step, _, rest = rest.partition("/")
        report = followed[int(step) - 1]
        values = report["values"]
        if kind == "expect_state":
            slot, _, rest = rest.partition("/")
            values = report["state"][slot]
        seen = values[names.index(rest)] or [0] * len(expected)
        assert max((abs(a - b) for a, b in zip(seen, expected)), default=0) <= tolerances[key], key
        compared += 1
    assert compared > 0


FOLLOW = {"rule": "sgd", "params": [[1, 2], [3]], "gradients": [[[1, 1], [1]]]}


@pytest.mark.parametrize("change, parts", [
    ({"gradients": [[[1, 1]]]}, ["gradients of step 1 have 1 tensors", "2"]),
    ({"gradients": [[[1, 1], [1]], [[1], [1]]]}, ["gradients of step 2, tensor 0 has 1 numbers", "2"]),
    ({"gradients": [[[1, "x"], [1]]]}, ["step 1, tensor 0", "\"x\""]),
    ({"gradients": [[[1, None], [1]]]}, ["step 1, tensor 0", "null"]),
    ({"gradients": [[[1, 1e39], [1]]]}, ["1e+39", "float32"]),
    ({"gradients": 3}, ["gradients is 3", "list"]),
    ({"gradients": None}, ["\"gradients\" is missing"]),
    ({"params": []}, ["have 2 tensors", "accepted are 0"]),
    ({"params": [], "gradients": []}, ["empty"]),
    ({"params": [1]}, ["params, tensor 0 is 1"]),
    ({"lr": [1, 2]}, ["lr has 2 numbers", "accepted are 1"]),
    ({"lr": [-1]}, ["lr"]),
    ({"lr": ["x"]}, ["\"x\""]),
    ({"report": "first"}, ["all or last"]),
    ({"rule": "lion"}, ["lion", "adamw"]),
    ({"hyper": {"beta1": 0.5}}, ["beta1"]),
    ({"hyper": {"nesterov": True}}, ["nesterov"]),
    ({"seed": 1}, ["'seed'", "params"])])
def test_follow_refuses_what_does_not_fit(worker, change, parts):
    error = worker.error("follow", {**FOLLOW, **change})
    for part in parts:
        assert part in error, error
