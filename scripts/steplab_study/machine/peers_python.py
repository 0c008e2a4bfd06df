"""PyTorch to stand beside, where `scripts/setup --peers` has installed it: never a part of steplab."""

import os
import subprocess

from .build import ROOT

PYTHON = ROOT / "build" / "peers" / "bin" / "python"
_ASK = "import importlib.metadata as m; print(m.version('torch'))"


def versions(python=PYTHON):
    """{"torch": version}; {} without it."""
    if not os.access(python, os.X_OK):
        return {}
    done = subprocess.run([str(python), "-c", _ASK], capture_output=True, text=True)
    return {"torch": done.stdout.strip()} if done.returncode == 0 else {}
