#!/usr/bin/env python3
"""Runs Debian's pytest where PyTorch is: in build/peers, or in the interpreter that runs this.

PYTHONPATH=build/release/python tests/python/with_peers.py [ARGUMENT…]

Debian's packages come last on the path, so that the other interpreter, of the same version, takes its own
NumPy. Exit code 77, which ctest reads as skipped, where there is no PyTorch.
"""

import importlib.util
import os
import pathlib
import sys

peers = pathlib.Path(__file__).parents[2] / "build/peers/bin/python"
if importlib.util.find_spec("torch") is None:
    if not peers.exists() or sys.executable == str(peers):
        print("skipped: there is no PyTorch here; scripts/setup --peers installs it into build/peers")
        sys.exit(77)
    os.execv(peers, [str(peers), *sys.argv])
if importlib.util.find_spec("pytest") is None:
    sys.path.append("/usr/lib/python3/dist-packages")
import pytest  # noqa: E402

sys.exit(pytest.main(sys.argv[1:]))
