"""steplab train as its users call it. Environment: STEPLAB_PROGRAM, path of the program."""
import json

import pytest

from test_cli import refused, steplab, steplab_json

TRIAL = ["train", "--workload", "mlp", "--size", "small", "--rule", "adamw", "--lr", "1e-3", "--seed", "1"]
TOY = ["train", "--workload", "quadratic", "--size", "small", "--rule", "sgd"]


def test_list_names_every_workload_with_its_sizes():
    text = steplab("train", "--list").stdout
    workloads = ("quadratic", "rosenbrock", "logistic", "mlp", "cnn", "softmax", "transformer")
    for part in (*(f"{w}:" for w in workloads), "--size medium", "--option kappa=100"):
        assert part in text
    listed = steplab_json("train", "--list")["workloads"]
    mlp = next(workload for workload in listed if workload["name"] == "mlp")
    assert [size["parameters"] for size in mlp["sizes"]] == [12730, 109386, 535818]


def test_progress_goes_to_stderr_and_the_loss_curve_to_stdout():
    done = steplab(*TRIAL, "--epochs", "0.2", "--eval-every", "43")
    assert done.returncode == 0
    assert "step 172 of 172 (100 %)" in done.stderr and "test" not in done.stderr
    rows = [line.split() for line in done.stdout.splitlines() if line.endswith("#")]
    assert [int(row[0]) for row in rows] == [0, 43, 86, 129, 172]
    losses = [float(row[2]) for row in rows]
    assert losses[0] > 2 and losses[-1] < 1.2
    bars = [len(row[-1]) for row in rows]
    assert bars == sorted(bars, reverse=True)


def test_json_has_everything_a_study_needs():
    done = steplab(*TRIAL, "--steps", "20", "--eval-every", "10", "--variant", "scalar/serial", "--json")
    result = json.loads(done.stdout)
    assert done.stderr == ""
    assert {"workload", "workload_version", "size", "parameters", "rule", "hyper", "variant", "threads",
            "seed", "batch", "steps", "steps_done", "eval_every", "evaluations", "test", "diverged",
            "final_bits", "data_isa", "seconds"} <= set(result)
    assert result["hyper"]["lr"] == 1e-3 and result["hyper"]["amsgrad"] is False
    assert (result["variant"], result["threads"], result["batch"]) == ("scalar/serial", 1, 64)
    assert [evaluation["step"] for evaluation in result["evaluations"]] == [0, 10, 20]
    assert all(set(evaluation) == {"step", "train_loss", "validation_loss", "validation_accuracy"}
               for evaluation in result["evaluations"])
    assert 0 < result["test"]["accuracy"] < 1
    assert set(result["seconds"]) == {"total", "optimizer", "gradient"}
    assert len(result["final_bits"]) == 16


def test_same_seed_same_bits_whatever_the_variant():
    length = ["--steps", "30", "--eval-every", "10"]
    first = steplab_json(*TRIAL, *length, "--variant", "scalar/serial")
    second = steplab_json(*TRIAL, *length, "--variant", "xsimd/tbb", "--threads", "3")
    assert second["threads"] == 3
    assert first["final_bits"] == second["final_bits"]
    assert first["evaluations"] == second["evaluations"]
    other = steplab_json(*TRIAL[:-1], "2", *length)
    assert other["final_bits"] != first["final_bits"]


def test_data_isa_is_told_and_can_be_forced():
    found = steplab_json(*TRIAL, "--steps", "1")["data_isa"]
    forced = "native" if found == "native" else "baseline"  # a build for this machine has no other
    assert steplab_json(*TRIAL, "--steps", "1", STEPLAB_DATA_ISA=forced)["data_isa"] == forced
    refused(steplab(*TRIAL, "--steps", "1", STEPLAB_DATA_ISA="abacus"), 2, "abacus", forced)


def test_diverging_is_a_result():
    result = steplab_json(*TOY, "--lr", "3", "--steps", "500", "--eval-every", "10")
    assert result["diverged"] is True
    assert result["steps_done"] < 500
    lost = steplab_json(*TOY, "--lr", "1e38", "--steps", "500", "--eval-every", "100", "--option",
                        "kappa=1e8")
    assert lost["diverged"] is True and lost["evaluations"][-1]["validation_loss"] is None


def test_options_reach_the_workload_and_the_version():
    result = steplab_json(*TOY, "--steps", "5", "--option", "kappa=1000", "--option", "rotated=1")
    assert result["workload_options"] == {"kappa": 1000, "noise": 0, "rotated": 1, "start": 0.5}
    assert result["workload_version"] == "1 kappa=1000 noise=0 rotated=1 start=0.5"


def test_record_writes_a_trace_that_replays(tmp_path):
    trace = tmp_path / "trial.safetensors"
    done = steplab(*TRIAL, "--steps", "10", "--schedule", "cosine", "--record", trace)
    assert done.returncode == 0, done.stderr
    assert steplab("replay", trace).returncode == 0
    content = bytearray(trace.read_bytes())
    content[-5] ^= 0x40  # of the last gradient
    trace.write_bytes(content)
    assert steplab("replay", trace).returncode == 1


@pytest.mark.parametrize("arguments, part", [
    (["--workload", "quadratic", "--size", "small"], "--rule is missing"),
    (TOY[1:], "steps or epochs"),
    ([*TOY[1:], "--steps", "3", "--epochs", "1"], "--epochs"),
    ([*TOY[1:], "--steps", "-3"], "-3"),
    ([*TOY[1:], "--steps", "1.5"], "1.5"),
    ([*TOY[1:], "--steps", "18446744073709551616"], "18446744073709551616"),
    ([*TOY[1:], "--steps", "3", "--seed", "-1"], "-1"),
    ([*TOY[1:], "--steps", "3", "--lr", "nan"], "lr is nan"),
    ([*TOY[1:], "--steps", "3", "--hyper", "rate=1"], "rate"),
    ([*TOY[1:], "--steps", "3", "--hyper", "momentum"], "key=value"),
    ([*TOY[1:], "--steps", "3", "--lr", "1", "--hyper", "lr=2"], "twice"),
    ([*TOY[1:], "--steps", "3", "--threads", "0"], "threads"),
    ([*TOY[1:], "--steps", "3", "--warmup", "1"], "warmup is 1"),
    ([*TOY[1:], "--steps", "3", "--batch", "2"], "batch is 2"),
    ([*TOY[1:], "--steps", "3", "--schedule", "linear"], "constant, cosine"),
    ([*TOY[1:], "--steps", "3", "--preset", "keras"], "teaching, pytorch"),
    ([*TOY[1:], "--steps", "3", "--variant", "gpu"], "scalar"),
    ([*TOY[1:], "--epochs", "nan"], "epochs is nan"),
    (["--workload", "mpl", "--size", "small", "--rule", "sgd", "--steps", "1"],
     "quadratic, rosenbrock, logistic, mlp"),
    (["--workload", "mlp", "--size", "huge", "--rule", "sgd", "--steps", "1"], "small, medium, large"),
    (["--workload", "mlp", "--size", "large", "--rule", "sgd", "--epochs", "1", "--record", "x"],
     "accepted are at most")])
def test_wrong_usage(arguments, part, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = steplab("train", *arguments)
    refused(done, 2, part)
    assert done.stdout == "" and not any(tmp_path.iterdir())


def test_missing_data_names_the_package(tmp_path):
    refused(steplab(*TRIAL, "--steps", "1", "--data", tmp_path), 1, "dataset-fashion-mnist")
