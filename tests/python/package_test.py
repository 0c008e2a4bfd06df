"""The package as it is used: its information, its types, README's code, and the example."""

import json
import os
import pathlib
import re
import subprocess
import sys

import numpy as np
import pytest

import steplab

ROOT = pathlib.Path(__file__).parents[2]


def run(*arguments):
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, env=os.environ, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_info_is_the_programs():
    printed = json.loads(run("-m", "steplab", "--json"))
    assert printed == steplab.info()
    program = pathlib.Path(steplab.__file__).parents[2] / "bin/steplab"
    if not program.exists():
        pytest.skip("the steplab program was not built")
    theirs = json.loads(subprocess.check_output([program, "info", "--json"]))
    assert {key: theirs[key] for key in printed} == printed
    assert f"kernel selected  {printed['kernel_selected']}" in run("-m", "steplab")


def test_versions_agree():
    project = (ROOT / "pyproject.toml").read_text()
    assert f'version = "{steplab.__version__}"' in project
    header = (ROOT / "src/steplab/version.hpp").read_text()
    parts = ("MAJOR", "MINOR", "PATCH")
    numbers = [re.search(rf"define STEPLAB_VERSION_{part} (\d+)", header)[1] for part in parts]
    assert ".".join(numbers) == steplab.__version__
    assert f'define STEPLAB_VERSION "{steplab.__version__}"' in header


def test_the_package_is_typed():
    folder = pathlib.Path(steplab.__file__).parent
    assert (folder / "py.typed").exists() and (folder / "_steplab.pyi").exists()
    stated = (folder / "_steplab.pyi").read_text()
    for name, value in vars(steplab._steplab).items():
        if isinstance(value, type):
            assert f"class {name}" in stated
            for method in vars(value):
                if not method.startswith("_"):
                    assert f"def {method}(" in stated, f"{name}.{method}"


def python_blocks():
    return re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)


def test_readme_code_for_arrays_runs():
    scope = {}
    exec(python_blocks()[0], scope)
    assert np.abs(scope["w"] - 1).max() < 0.05


def test_readme_code_for_pytorch_runs():
    pytest.importorskip("torch")
    scope = {}
    exec(python_blocks()[1], scope)
    assert scope["loss"].item() < 0.1


def test_the_example_trains():
    pytest.importorskip("torch")
    output = run(str(ROOT / "python/examples/train.py"), "--steps", "150")
    losses = [float(text) for text in re.findall(r"loss ([0-9.]+)", output)]
    assert losses[-1] < losses[0] / 3
