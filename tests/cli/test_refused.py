"""What the program refuses, flag by flag and file by file: exit code 2 for wrong usage, 1 for files, with a
message that names the value and what is accepted, and nothing written.

Environment: STEPLAB_PROGRAM.
"""

import os
import struct

import pytest

from test_cli import ONE, refused, steplab

TOY = ["--workload", "quadratic", "--size", "small", "--rule", "sgd"]
PAIRS = list(zip(TOY[::2], TOY[1::2]))
TRAIN = ["train", *TOY, "--steps", "3"]
FLOAT = "is not a decimal number"
WHOLE = "is not a whole number"
LR = "sgd: lr is {}; accepted: 0 or a positive number that is finite as float32"
MOMENTUM = "sgd: momentum is {}; accepted: 0 or a positive number"
CLIP = "clip_norm is {}: accepted are finite numbers above 0"
WARMUP = "warmup is {}: accepted are shares from 0 to below 1"
EPOCHS = "epochs is {}: accepted are finite numbers from 0"
THREADS = "threads is {}; accepted: 1 to 1024"
FACTOR = "lr_factor of the restart is {}: accepted are finite numbers above 0"
KAPPA = "option kappa of workload quadratic is {}: accepted are numbers from 1 to 100000000"

NO_NUMBERS = ["abc", "0x1", "1e-3x", " 1", "1 ", "1,5", "1e999", "--"]

#: option and value, to the message that it is refused with
TRAIN_VALUES = [
    *(("--lr", text, FLOAT) for text in NO_NUMBERS[:-1]),
    *(("--clip-norm", text, FLOAT) for text in NO_NUMBERS[:-1]),
    *(("--warmup", text, FLOAT) for text in NO_NUMBERS[:-1]),
    *(("--lr", text, LR.format(text)) for text in ("inf", "nan", "-1", "1e+39")),
    *(("--clip-norm", text, CLIP.format(text)) for text in ("0", "-1", "nan", "inf")),
    *(("--warmup", text, WARMUP.format(text)) for text in ("1", "-0.1", "nan", "inf")),
    *(("--threads", text, THREADS.format(text)) for text in ("0", "-1", "1025")),
    *(("--threads", text, WHOLE) for text in ("nan", "1.5", "99999999999", "two")),
    *(("--seed", text, WHOLE) for text in ("-1", "1e3", "1.5", "nan", "18446744073709551616")),
    *(("--batch", text, WHOLE) for text in ("-1", "1.5", "many")),
    *(("--batch", text, f"batch is {text}: accepted are 1 to 1") for text in ("0", "2", "99999999999")),
    *(("--eval-every", text, WHOLE) for text in ("-1", "1.5")),
    ("--eval-every", "0", "steps between evaluations are 0: accepted are 1 or more"),
    *(("--observe", text, WHOLE) for text in ("-1", "all")),
    *(("--restart-at", text, WHOLE) for text in ("-1", "1.5")),
    *(("--restart-at", text, "accepted are steps from 1 to before the last") for text in ("0", "3", "9")),
    *(("--hyper", f"momentum={text}", MOMENTUM.format(text)) for text in ("nan", "inf", "-1")),
    *(
        ("--hyper", text, "key=value with a number")
        for text in ("momentum=1e999", "momentum=", "=1", "x", "a=b")
    ),
    ("--hyper", "beta1=0.5", "'beta1' of sgd; it has lr, momentum"),
    ("--hyper", "nesterov=2", "nesterov is 2; accepted: 0 (off) or 1 (on)"),
    ("--hyper", "nesterov=true", "nesterov needs a momentum above 0 and dampening 0"),
    ("--hyper", "weight_decay=1e300", "weight_decay is 1e+300; accepted"),
    *(("--option", f"kappa={text}", KAPPA.format(text)) for text in ("nan", "0", "-1", "inf")),
    ("--option", "colour=1", '"colour": known are kappa'),
    ("--option", "kappa", "key=value with a number"),
    ("--variant", "mmx/tbb", "'mmx' is unknown or not supported by this machine; supported: "),
    ("--variant", "scalar/fibers", "'scalar/fibers' is unknown; accepted: kernel/schedule"),
    ("--preset", "keras", "teaching, pytorch"),
    ("--schedule", "linear", "constant, cosine"),
    ("--correction", "w", "known are both, m, v, none"),
    ("--correction", "none", "accepted with adam and adamw"),
    ("--restart-keep", "all", "--restart-at is missing"),
    ("--restart-rule", "sgd", "--restart-at is missing"),
    ("--checkpoint-every", "1", "--checkpoint-every without --checkpoint or --resume"),
    ("--checkpoint-every", "-1", WHOLE),
]

RESTART_VALUES = [
    *(("--restart-lr-factor", text, FACTOR.format(text)) for text in ("0", "-1", "nan", "inf")),
    ("--restart-lr-factor", "1e300", "lr is 1.0000000000000001e+298; accepted"),
    ("--restart-keep", "some", "known are all, no_count, no_moments, none"),
    ("--restart-rule", "lion", "'lion'; known: sgd, adam, adamw"),
    ("--restart-hyper", "momentum=nan", MOMENTUM.format("nan")),
    ("--restart-hyper", "momentum", "key=value with a number"),
    ("--restart-option", "kappa=0", KAPPA.format("0")),
]

OTHERS = [
    *((["train", *TOY, "--epochs", text], EPOCHS.format(text)) for text in ("-1", "inf", "nan", "1e+300")),
    *((["train", *TOY, "--epochs", text], FLOAT) for text in ("1x", "one", "0x1")),
    *(
        (["train", *TOY, "--steps", text], WHOLE)
        for text in ("-3", "1.5", "nan", "1e3", "18446744073709551616")
    ),
    (["train", *TOY], "steps or epochs"),
    (["train", *TOY, "--steps", "3", "--epochs", "1"], "--epochs"),
    (
        ["train", "--workload", "mlp", "--size", "huge", "--rule", "sgd", "--steps", "1"],
        "small, medium, large",
    ),
    (
        ["train", "--workload", "mpl", "--size", "small", "--rule", "sgd", "--steps", "1"],
        "quadratic, rosenbrock",
    ),
    (["train", "--workload", "mlp", "--size", "small", "--rule", "lion", "--steps", "1"], "sgd, adam, adamw"),
    *(
        (
            ["train", *(word for pair in PAIRS if pair[0] != name for word in pair), "--steps", "1"],
            f"{name} is missing",
        )
        for name, _ in PAIRS
    ),
    *((["replay", "--threads", text, ONE], THREADS.format(text)) for text in ("0", "-1", "1025")),
    *((["replay", "--threads", text, ONE], WHOLE) for text in ("nan", "1.5", "99999999999999999999")),
    (["replay", "--variant", ONE], "trace"),
    (["replay", "--json"], "trace"),
    *(
        (["plan", "--parameters", "1e6", "--threads", text], THREADS.format(text))
        for text in ("0", "-2", "1025")
    ),
    *((["plan", "--parameters", "1e6", "--threads", text], WHOLE) for text in ("nan", "1.5", "99999999999")),
    *(
        (["plan", f"--parameters={text}"], "accepted: a whole number from 1 to 1e17")
        for text in ("nan", "inf", "-1", "0", "1e18", "1.5", "lots")
    ),
    (["plan"], "--parameters is required"),
    (
        ["plan", "--parameters", "1e6", "--rule", "lion"],
        "known: sgd, sgd_momentum, adam, adamw, adam_amsgrad",
    ),
    *(([command, "extra"], "extra") for command in ("info", "worker")),
    *(([command, "--unknown"], "--unknown") for command in ("info", "train", "worker")),
    (["plan", "--parameters", "1e6", "--unknown"], "--unknown"),
    (["replay", "--unknown", ONE], "--unknown"),
    *(([command, "--json=3"], "json was given a disallowed") for command in ("info", "train")),
]


def expect_usage_error(arguments, part, folder, monkeypatch):
    monkeypatch.chdir(folder)
    done = steplab(*arguments)
    refused(done, 2, part)
    assert done.stdout == "" and not any(folder.iterdir())


@pytest.mark.parametrize("option, value, part", TRAIN_VALUES)
def test_a_value_that_train_does_not_take(option, value, part, tmp_path, monkeypatch):
    expect_usage_error([*TRAIN, option, value], part, tmp_path, monkeypatch)


@pytest.mark.parametrize("option, value, part", RESTART_VALUES)
def test_a_value_that_a_restart_does_not_take(option, value, part, tmp_path, monkeypatch):
    expect_usage_error([*TRAIN, "--restart-at", "1", option, value], part, tmp_path, monkeypatch)


@pytest.mark.parametrize("arguments, part", OTHERS)
def test_wrong_usage_of_any_command(arguments, part, tmp_path, monkeypatch):
    expect_usage_error(arguments, part, tmp_path, monkeypatch)


def options_of(command):
    """The options that --help lists, apart into those with a value and flags."""
    valued, flags = [], []
    for line in steplab(command, "--help").stdout.split("Examples:")[0].splitlines():
        words = line.split()
        if words and words[0].startswith("--"):
            name, *rest = words[0].split(","), *words[1:]
            (valued if rest and rest[0].split("=")[0] in ("TEXT", "UINT", "INT", "FLOAT") else flags).append(
                name[0]
            )
    return valued, flags


@pytest.mark.parametrize("command", ["replay", "plan", "train"])
def test_every_option_refuses_an_empty_value_a_missing_one_and_a_second(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    valued, _ = options_of(command)
    assert len(valued) >= {"replay": 2, "plan": 3, "train": 25}[command]
    repeatable = (
        {"--variant", "--rule"}
        if command != "train"
        else {"--hyper", "--option", "--restart-hyper", "--restart-option"}
    )
    for option in valued:
        refused(steplab(command, f"{option}="), 2, option)
        done = steplab(command, option, "")
        refused(done, 2, option)
        assert "an empty value is not accepted" in done.stderr or '"" is not a' in done.stderr
        refused(steplab(command, option), 2, option)
        if option not in repeatable:
            refused(steplab(command, option, "1", option, "1"), 2, option)
    assert not any(tmp_path.iterdir())


def test_flags_take_no_value():
    for command in ("info", "replay", "plan", "train"):
        _, flags = options_of(command)
        assert "--json" in flags
        for flag in flags:
            flag = flag.removesuffix("{false}")
            refused(steplab(command, f"{flag}=0"), 2, f"{flag.lstrip('-')} was given a disallowed")


# files


def damaged(path, kind):
    content = ONE.read_bytes()
    if kind == "is a directory":
        path.mkdir()
    elif kind == "cannot open: Permission denied":
        path.write_bytes(content)
        path.chmod(0)
    elif kind == "is not a regular file":
        os.mkfifo(path)
    elif kind == "shorter than the 8 bytes":
        path.write_bytes(content[:7])
    elif kind == "announce a header":
        path.write_bytes(struct.pack("<Q", 2**62) + content[8:])
    elif kind == "cut off":
        path.write_bytes(content[:-1])
    elif kind == "more than described":
        path.write_bytes(content + b"\0")
    elif kind == "accepted: ":  # a safetensors file of another kind
        path.write_bytes(struct.pack("<Q", 2) + b"{}")
    else:
        assert kind == "cannot open: No such file"


KINDS = [
    "cannot open: No such file",
    "is a directory",
    "cannot open: Permission denied",
    "is not a regular file",
    "shorter than the 8 bytes",
    "announce a header",
    "cut off",
    "more than described",
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("command", [["replay"], [*TRAIN, "--resume"]], ids=["trace", "checkpoint"])
def test_files_that_cannot_be_read_or_are_damaged(command, kind, tmp_path):
    if kind.endswith("denied") and os.geteuid() == 0:
        pytest.skip("root reads everything")
    path = tmp_path / "file"
    damaged(path, kind)
    refused(steplab(*command, path), 1, str(path), kind)


@pytest.mark.parametrize("option", ["--record", "--checkpoint"])
def test_files_that_cannot_be_written(option, tmp_path):
    for path, part in [
        (tmp_path / "none" / "file", "folder"),
        (tmp_path, "is a folder"),
        ("/proc/steplab", "/proc/steplab: "),
    ]:
        done = steplab(*TRAIN, option, path)
        refused(done, 1, str(path), part)
        assert done.stdout == ""
    assert not any(tmp_path.iterdir())


def test_data_that_is_not_what_it_should_be(tmp_path):
    mlp = ["train", "--workload", "mlp", "--size", "small", "--rule", "sgd", "--steps", "1", "--data"]
    refused(steplab(*mlp, tmp_path / "none"), 1, "train-images-idx3-ubyte.gz", "dataset-fashion-mnist")
    images = tmp_path / "train-images-idx3-ubyte.gz"
    for name in ("train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
        (tmp_path / f"{name}-ubyte.gz").write_bytes(b"")
    for content in (b"", b"\x1f\x8b", b"not gzip at all"):
        images.write_bytes(content)
        refused(steplab(*mlp, tmp_path), 1, str(images))
