"""Scripts/peers, with an interpreter that only pretends to install."""

import os
import subprocess

import pytest
from conftest import ROOT

PRETENDING = """#!/bin/sh
# Packages that are installed are files in $0's folder.
here=$(dirname "$0")
case "$1" in
  -c) shift 2; for package in "$@"; do [ -e "$here/installed-$package" ] || exit 1; done ;;
  -m) shift 5
      echo "$@" >>"$here/asked"
      for package in "$@"; do
        case "$package" in
          -*) ;;
          "$BROKEN") echo "no wheel of $package"; exit 1 ;;
          *) touch "$here/installed-$package" ;;
        esac
      done ;;
  *) mkdir -p "$TORCH_EXTENSIONS_DIR/cpu_adam"; touch "$TORCH_EXTENSIONS_DIR/cpu_adam/cpu_adam.so" ;;
esac
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "bin").mkdir()
    python = tmp_path / "bin" / "python"
    python.write_text(PRETENDING)
    python.chmod(0o755)
    return tmp_path


def install(folder, broken=""):
    command = [str(ROOT / "scripts" / "peers"), str(folder)]
    environment = {**os.environ, "BROKEN": broken}
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment)


def asked(folder):
    return (folder / "bin" / "asked").read_text().splitlines()


def test_every_peer_is_installed_on_its_own(folder):
    install(folder)
    assert asked(folder) == [
        "torch numpy safetensors",
        "jax optax",
        "torchao",
        "bitsandbytes",
        "setuptools wheel",
        "--no-build-isolation deepspeed ninja",
    ]
    assert not list((folder / "failed").iterdir())
    assert (folder / "extensions" / "cpu_adam" / "cpu_adam.so").exists()


def test_a_failure_keeps_its_text_and_stops_nothing(folder):
    done = install(folder, broken="optax")
    assert "no wheel of optax" in (folder / "failed" / "optax").read_text()
    assert "optax could not be installed" in done.stderr
    assert [file.name for file in (folder / "failed").iterdir()] == ["optax"]
    assert "bitsandbytes" in asked(folder)


def test_another_run_tries_again_what_is_missing_alone(folder):
    install(folder, broken="torchao")
    (folder / "bin" / "asked").unlink()
    install(folder)
    assert asked(folder) == ["torchao"]
    assert not list((folder / "failed").iterdir())


def test_an_unknown_argument_is_refused():
    done = subprocess.run([str(ROOT / "scripts" / "peers"), "--all"], capture_output=True, text=True)
    assert done.returncode == 2 and "unknown argument '--all'" in done.stderr
