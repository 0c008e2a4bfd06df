"""What ./scripts/study refuses, command by command: exit code 2 for wrong usage and 1 for folders, with a
message that names the value and what is accepted, and never a traceback."""

from pathlib import Path

import pytest

from steplab_study.cli.main import main
from steplab_study.store.store import Store
from study_test import build, study  # noqa: F401: build is a fixture

STANDARD = Path(__file__).resolve().parents[3] / "reports" / "standard"
PROFILES = "known profiles: smoke, quick, standard, full"
COMPARED = ["compare", STANDARD, STANDARD]
EMPTY = "an empty value is not accepted"


@pytest.mark.parametrize(
    "arguments, part",
    [
        (["fly"], "COMMAND: invalid choice: 'fly' (choose from 'report', 'export', 'import'"),
        (["--profile", "quick", "status"], "'status' is a command and comes first: ./scripts/study status"),
        (["--profile", ""], f"unknown profile ''; {PROFILES}"),
        (["--profile"], "--profile: expected one argument"),
        (["--dry-run", "--only", "step,speed"], "unknown part 'speed' in --only; known parts: step, memory"),
        (["--dry-run", "--claim", "C22,"], "unknown claim '' in --claim; known claims: C01"),
        *(
            (["--dry-run", f"--{name}", ""], f"{name}: {EMPTY}")
            for name in ("claim", "workloads", "out", "build-dir")
        ),
        *((["--jobs", text], f"--jobs: invalid int value: '{text}'") for text in ("nan", "1.5", "", "many")),
        *((["--jobs", text], f"--jobs must be at least 1, got {text}") for text in ("0", "-1")),
        (["--jobs", "100000"], "--jobs must be at most 1024, got 100000"),
        (["report"], "required: DIR"),
        *(([command, ""], f"directory: {EMPTY}") for command in ("report", "status", "claims")),
        *(([command, "a", "b"], "unrecognized arguments: b") for command in ("report", "status", "claims")),
        *(([command, "--bogus"], "--bogus") for command in ("status", "claims", "doctor", "findings")),
        (["findings", "extra"], "unrecognized arguments: extra"),
        (["doctor", "extra"], "unrecognized arguments: extra"),
        (["doctor", "--build-dir", ""], f"build-dir: {EMPTY}"),
        (["claims", "--claim", ""], f"claim: {EMPTY}"),
        (["claims", "--claim", "C99", STANDARD], "unknown claim 'C99' in --claim; known claims: C01"),
        (["peers", "x"], "unrecognized arguments: x"),
        *(
            (
                ["peers", "--profile", text],
                f"unknown profile '{text}'; known profiles of peers: smoke, quick, standard",
            )
            for text in ("", "full")
        ),
        *((["peers", f"--{name}", ""], f"{name}: {EMPTY}") for name in ("out", "peer", "build-dir")),
        (["peers", "--peer", "torch"], "unknown peer 'torch' in --peer; peers of profile quick: steplab, "),
        (["peers", "--peer", "optax,"], "unknown peer '' in --peer"),
        (
            ["peers", "--profile", "smoke", "--peer", "optax"],
            "unknown peer 'optax' in --peer; peers of profile smoke: ",
        ),
        (["compare"], "required: A, B"),
        (["compare", "", ""], "'' is neither a results folder (with store.sqlite or an export) nor a commit"),
        (["compare", STANDARD, "HEAD"], "give two of a kind"),
        *(
            ([*COMPARED, "--min-effect", text], "--min-effect must be finite and not negative")
            for text in ("nan", "inf", "-1")
        ),
        *(
            ([*COMPARED, "--min-time", text], "--min-time must be finite and above 0")
            for text in ("nan", "inf", "0", "-1")
        ),
        *(
            ([*COMPARED, "--rounds", text], f"--rounds must be at least 5, got {text}")
            for text in ("0", "-3", "4")
        ),
        *(([*COMPARED, "--rounds", text], "--rounds: invalid int value") for text in ("nan", "", "9.5")),
        ([*COMPARED, "--filter", "("], "--filter '(' is not a regular expression"),
        ([*COMPARED, "--profile", "fast"], f"unknown profile 'fast'; {PROFILES}"),
        ([*COMPARED, "--markdown", ""], f"markdown: {EMPTY}"),
        ([*COMPARED, "--markdown", "/nowhere/x"], "--markdown '/nowhere/x' cannot be written: give a file"),
        ([*COMPARED, "--markdown", "/"], "--markdown '/' cannot be written: give a file"),
    ],
)
def test_wrong_usage(arguments, part, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main([str(word) for word in arguments]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith("study: ") and part in printed.err
    assert printed.out == "" and not any(tmp_path.iterdir())


def folder_with(tmp_path, kind):
    """A folder, or a file in its place, that holds no results."""
    path = tmp_path / "results"
    if kind == "file":
        path.write_text("")
    elif kind != "missing":
        path.mkdir()
    if kind == "not sqlite":
        (path / "store.sqlite").write_text("not sqlite")
    elif kind == "zero bytes":
        (path / "store.sqlite").write_bytes(b"")
    elif kind == "cut off":
        Store.open(path).close()
        (path / "store.sqlite").write_bytes((path / "store.sqlite").read_bytes()[:1000])
    return path


@pytest.mark.parametrize("command", ["report", "status", "claims"])
@pytest.mark.parametrize(
    "kind, part",
    [
        ("missing", "it has no store.sqlite and no export/meta.json; give the folder that ./scripts"),
        ("empty", "it has no store.sqlite"),
        ("file", "it has no store.sqlite"),
        ("not sqlite", "is not a results store: file is not a database"),
        ("zero bytes", "is not a results store: no such table: meta"),
        ("cut off", "is not a results store"),
    ],
)
def test_folders_without_results(command, kind, part, tmp_path):
    path = folder_with(tmp_path, kind)
    done = study(command, path)
    assert done.returncode == 1
    assert str(path) in done.stderr and part in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("kind", ["file", "not sqlite", "zero bytes", "cut off"])
def test_a_study_does_not_write_over_what_is_no_store(kind, build, tmp_path):  # noqa: F811
    path = folder_with(tmp_path, kind)
    stored = path if kind == "file" else path / "store.sqlite"
    before = stored.read_bytes()
    done = study("--profile", "smoke", "--only", "memory", "--build-dir", build, "--out", path)
    assert done.returncode == 1
    assert str(path) in done.stderr and "Traceback" not in done.stderr
    assert stored.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_named(build):  # noqa: F811
    done = study(
        "--profile", "smoke", "--only", "memory", "--build-dir", build, "--out", "/proc/none/results"
    )
    assert done.returncode == 1
    assert "results cannot be kept in '/proc/none/results'" in done.stderr and "--out" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("content", ["", "#!/bin/sh\n"])
def test_programs_that_are_not_there_are_named(content, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "steplab").write_text(content)  # not executable
    done = study("--build-dir", tmp_path, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "bin/steplab' is not there: build the release preset, or give another --build-dir" in done.stderr
    assert not (tmp_path / "out").exists()
