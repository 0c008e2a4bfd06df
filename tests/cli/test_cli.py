"""The steplab program as its users call it: info, replay, plan, and what they refuse.

Environment: STEPLAB_PROGRAM, path of the program. Whatever is thrown at it, it ends with 0, 1 or 2:
a signal or a sanitizer's report is a failure everywhere.
"""
import json
import os
import struct
import subprocess
from pathlib import Path

import pytest

PROGRAM = os.environ["STEPLAB_PROGRAM"]
TRACES = sorted((Path(__file__).parents[1] / "traces").glob("*.safetensors"))
ONE = next(path for path in TRACES if path.stem == "torch_adamw_schedule")
PAIR = ["--variant", "scalar/serial", "--variant", "xsimd/tbb"]


def steplab(*arguments, **environment):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, errors="replace",
                          env={**os.environ, **environment}, timeout=120)
    assert done.returncode in (0, 1, 2), f"ended with {done.returncode}: {done.stderr}"
    for report in ("Sanitizer", "runtime error", "terminate called"):
        assert report not in done.stderr
    return done


def steplab_json(*arguments, **environment):
    done = steplab(*arguments, "--json", **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refused(done, code, *parts):
    """It failed with that code, said why on stderr, and printed no result."""
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    for part in parts:
        assert part in done.stderr, done.stderr


def take_apart(path):
    content = path.read_bytes()
    length = struct.unpack("<Q", content[:8])[0]
    return json.loads(content[8:8 + length]), bytearray(content[8 + length:])


def put_together(path, header, data):
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return path


# info

def test_info_describes_the_machine():
    info = steplab_json("info")
    assert {"cpu", "isas", "caches", "threads_allowed", "kernels", "kernel_selected", "variants", "version",
            "compiler"} <= set(info)
    assert info["threads_allowed"] >= 1
    assert "scalar" in info["kernels"]
    both = ("serial", "tbb")
    assert set(info["variants"]) == {f"{kernel}/{by}" for kernel in info["kernels"] for by in both}
    text = steplab("info").stdout
    assert all(kernel in text for kernel in info["kernels"])


def test_environment_forces_the_kernel():
    assert steplab_json("info", STEPLAB_KERNEL="scalar")["kernel_selected"] == "scalar"
    refused(steplab("info", STEPLAB_KERNEL="mmx"), 2, "mmx", "scalar")


# replay

def test_replay_passes_on_every_recorded_trace():
    assert len(TRACES) == 17
    result = steplab_json("replay", *TRACES)
    variants = steplab_json("info")["variants"]
    assert result["ok"]
    for trace in result["traces"]:
        assert [row["variant"] for row in trace["variants"]] == variants
        for row in trace["variants"]:
            assert row["ok"] and row["same_bits"] and 0 < row["worst_over_tolerance"] <= 1


def test_replay_prints_a_row_for_each_trace_and_variant():
    done = steplab("replay", *PAIR, *TRACES[:2])
    assert done.returncode == 0
    rows = [line for line in done.stdout.splitlines() if ".safetensors" in line]
    assert len(rows) == 4 and all(row.endswith("ok") for row in rows)


@pytest.mark.parametrize("tensor", ["expect/20/odd", "expect_state/40/v/wide", "grad/3/weight", "init/bias"])
def test_edited_value_is_found(tmp_path, tensor):
    header, data = take_apart(ONE)
    begin, end = header[tensor]["data_offsets"]
    wide = header[tensor]["dtype"] == "F64"
    data[begin:begin + (8 if wide else 4)] = struct.pack("<d" if wide else "<f", 3.0)
    edited = put_together(tmp_path / "edited.safetensors", header, data)
    done = steplab("replay", *PAIR, edited)
    assert done.returncode == 1
    assert "OUT OF TOLERANCE" in done.stdout
    if tensor.startswith("expect"):
        assert tensor in done.stdout
    result = json.loads(steplab("replay", *PAIR, "--json", edited).stdout)
    assert not result["ok"] and result["traces"][0]["variants"][0]["same_bits"]


def test_truncated_file_is_refused_at_every_length(tmp_path):
    content = ONE.read_bytes()
    header_end = 8 + struct.unpack("<Q", content[:8])[0]
    lengths = {0, 1, 7, 8, 9, header_end - 1, header_end, header_end + 1, len(content) - 1}
    lengths |= set(range(0, len(content), len(content) // 25))
    files = []
    for length in sorted(lengths):
        files.append(tmp_path / f"{length}.safetensors")
        files[-1].write_bytes(content[:length])
    done = steplab("replay", *PAIR, *files)
    assert done.returncode == 1
    complaints = done.stderr.splitlines()
    assert len(complaints) == len(files)
    for path, complaint in zip(files, complaints):
        assert complaint.startswith(f"steplab: {path}: "), complaint


def test_bytes_behind_the_data_are_refused(tmp_path):
    longer = tmp_path / "longer.safetensors"
    longer.write_bytes(ONE.read_bytes() + b"\0")
    refused(steplab("replay", longer), 1, "more than described")


@pytest.mark.parametrize("content", [
    b"", b"{}", b'{"kind": "optimizer-trace"}\n', b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(300), b"\xff" * 64,
    struct.pack("<Q", 2) + b"{}", struct.pack("<Q", 2**63) + b"{}" + bytes(50), b"#!/bin/sh\necho hello\n"])
def test_foreign_file_is_refused(tmp_path, content):
    path = tmp_path / "foreign"
    path.write_bytes(content)
    refused(steplab("replay", path), 1, f"steplab: {path}: ")


def test_what_is_no_file_is_refused(tmp_path):
    refused(steplab("replay", tmp_path), 1, "is a directory")
    refused(steplab("replay", tmp_path / "absent"), 1, "No such file")
    refused(steplab("replay", "/dev/null"), 1, "not a regular file")


@pytest.mark.parametrize("key, values", [
    ("kind", ["", "checkpoint", None]),
    ("version", ["2", "", None]),
    ("rule", ["lion", "", "\u001b[31mred", None]),
    ("hyper", ["", "{", "[]", "{}", '{"lr": NaN}', "[" * 100000, '{"lr": "0.1"}', None]),
    ("decay_order", ["later", None]),
    ("step_count", ["", None]),
    ("params", ["[]", '["weight"]', "[1]", '["weight", "weight"]', None]),
    ("steps", ["0", "-3", "1e9", "99999999999999999999999", "forty", None]),
    ("schedule", ["{}", '[{"step": -1, "lr": 1}]', '[{"step": 1, "lr": -1}]', '[{"lr": 1}]', "[1]", None]),
    ("check_steps", ["[]", "[0]", "[41]", "[1.5]", '["1"]', None]),
    ("tolerance", ["{}", "[]", '{"expect/1/weight": -1}', None])])
def test_damaged_metadata_is_refused(tmp_path, key, values):
    header, data = take_apart(ONE)
    for value in values:
        metadata = dict(header["__metadata__"])
        if value is None:
            del metadata[key]
        else:
            metadata[key] = value
        path = put_together(tmp_path / "damaged.safetensors", {**header, "__metadata__": metadata}, data)
        done = steplab("replay", path)
        refused(done, 1, f"steplab: {path}: ")
        assert "\u001b" not in done.stderr


def test_good_traces_are_checked_beside_a_refused_one(tmp_path):
    broken = tmp_path / "broken"
    broken.write_bytes(b"nothing")
    done = steplab("replay", *PAIR, broken, ONE)
    assert done.returncode == 1
    assert "1 of 2 traces passed" in done.stdout
    result = json.loads(steplab("replay", *PAIR, "--json", broken, ONE).stdout)
    assert "error" in result["traces"][0] and result["traces"][1]["ok"]


def test_random_damage_never_crashes(tmp_path):
    import random
    rng = random.Random(1)
    content = ONE.read_bytes()
    header_end = 8 + struct.unpack("<Q", content[:8])[0]
    files = []
    for index in range(100):
        damaged = bytearray(content)
        for _ in range(rng.randint(1, 3)):
            damaged[rng.randrange(header_end)] = rng.randrange(256)
        files.append(tmp_path / str(index))
        files[-1].write_bytes(damaged)
    assert steplab("replay", *PAIR, *files).returncode == 1


# plan

def test_plan_counts_ten_billion_parameters():
    plan = steplab_json("plan", "--parameters", "10e9")
    rows = {row["optimizer"]: row for row in plan["optimizers"]}
    assert plan["parameters"] == 10**10
    assert list(rows) == ["sgd", "sgd_momentum", "adam", "adamw", "adam_amsgrad"]
    assert [row["state_bytes"] // 10**10 for row in rows.values()] == [0, 4, 8, 8, 12]
    for row in rows.values():
        assert row["parameter_bytes"] == row["gradient_bytes"] == 4 * 10**10
        assert row["total_bytes"] == 8 * 10**10 + row["state_bytes"]
        assert row["checkpoint_bytes"] == 4 * 10**10 + row["state_bytes"]
        assert 0 < row["step_seconds"] < 10_000


def test_plan_counts_the_largest_language_model():
    (row,) = steplab_json("plan", "--parameters", "175e9", "--rule", "adam")["optimizers"]
    assert row["state_bytes"] == 1_400_000_000_000
    text = steplab("plan", "--parameters", "175e9", "--rule", "adam").stdout
    assert "700 GB" in text and "1.4 TB" in text


def test_plan_prints_decimal_units():
    done = steplab("plan", "--parameters", "10B", "--rule", "adam", "--rule", "sgd_momentum")
    lines = done.stdout.splitlines()
    (adam,) = [line.split() for line in lines if line.startswith("adam")]
    assert adam[1:11] == ["40", "GB", "40", "GB", "80", "GB", "160", "GB", "120", "GB"]
    assert sum(line.startswith("sgd") for line in lines) == 1


@pytest.mark.parametrize("number", [
    "0", "-1", "-10e9", "nan", "inf", "-inf", "1e400", "1.5", "1e-3", "", "abc", "10e9x", "0x10", "1e18",
    "10 e9"])
def test_plan_refuses_what_is_no_number_of_parameters(number):
    done = steplab("plan", f"--parameters={number}")
    refused(done, 2)
    assert done.stdout == "" and done.stderr != ""
    if number:
        assert "accepted" in done.stderr and "10e9" in done.stderr


# the command line itself

@pytest.mark.parametrize("arguments, part", [
    ([], "info, plan, replay, train"),
    (["fly"], "info, plan, replay, train"),
    (["fly"], "fly"),
    (["--fly"], "--fly"),
    (["--fly", "info"], "--fly"),
    (["info", "--fly"], "--fly"),
    (["replay"], "trace"),
    (["replay", "--variant", "avx9/tbb", ONE], "scalar"),
    (["replay", "--variant", "scalar/fibers", ONE], "scalar/serial"),
    (["replay", "--threads", "0", ONE], "threads"),
    (["replay", "--threads", "many", ONE], "many"),
    (["plan"], "--parameters"),
    (["plan", "--parameters", "1e6", "--rule", "lion"], "adam_amsgrad"),
    (["plan", "--parameters", "1e6", "--threads", "-2"], "threads")])
def test_wrong_usage(arguments, part):
    done = steplab(*arguments)
    refused(done, 2, part)
    assert done.stdout == ""


@pytest.mark.parametrize("command", [[], ["info"], ["replay"], ["plan"], ["train"]])
def test_help_has_examples(command):
    done = steplab(*command, "--help")
    assert done.returncode == 0
    assert "Examples:" in done.stdout and f"steplab {' '.join(command)}".strip() in done.stdout


def test_version():
    done = steplab("--version")
    assert done.returncode == 0
    assert done.stdout.split() == ["steplab", steplab_json("info")["version"]]


def test_full_disk_is_an_error():
    with open("/dev/full", "w") as full:
        done = subprocess.run([PROGRAM, "info"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert "cannot write" in done.stderr
