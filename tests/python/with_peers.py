#!/usr/bin/env python3
"""Runs Debian's pytest under another interpreter of the same version, such as build/peers/bin/python, which has PyTorch.

    build/peers/bin/python tests/python/with_peers.py [ARGUMENT…]

Debian's packages come last on the path, so that the interpreter's own NumPy is taken. Exit code 77, which ctest reads as
skipped, where PyTorch is missing.
"""

import importlib.util
import sys

if importlib.util.find_spec("torch") is None:
    print("skipped: PyTorch is not installed here; scripts/setup --peers installs it into build/peers")
    sys.exit(77)
if importlib.util.find_spec("pytest") is None:
    sys.path.append("/usr/lib/python3/dist-packages")
import pytest  # noqa: E402

sys.exit(pytest.main(sys.argv[1:]))
