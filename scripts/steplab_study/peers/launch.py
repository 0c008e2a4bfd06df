"""What is built and installed for the peers, and how a worker of each is started."""

import hashlib
import os
import sys
from pathlib import Path

from ..errors import StudyError
from ..machine import build, describe, peers_python
from .list import ALL

TARGETS = ("steplab_program", "peer_worker", "steplab_python")
FOLDER = build.ROOT / "bench" / "peers"
FAILED = build.ROOT / "build" / "peers" / "failed"  # scripts/peers keeps the output there
_KERNELS = {"steplab": "xsimd", "steplab_autovec": "autovec", "steplab_scalar": "scalar"}


def prepare(packages):
    """Install, with PyPI's packages where wanted, and build; the build directory."""
    build.run([str(build.ROOT / "scripts" / "setup")] + (["--peers"] if packages else []))
    build.run(["cmake", "--preset", "release", "--log-level=WARNING"])
    jobs = str(os.cpu_count())
    build.run(["cmake", "--build", "--preset", "release", "--parallel", jobs, "--target", *TARGETS])
    return build.default_build_directory()


class Launch:
    """Called with (peer, threads): argv and environment of its worker.

    Without `packages`, or where there is no environment of PyPI's packages, Python peers run in ours.
    """

    def __init__(self, directory, packages):
        bin_directory = Path(directory) / "bin"
        self._worker = _executable(bin_directory / "peer_worker")
        self.programs = {"steplab": _executable(bin_directory / "steplab")}
        self._modules = Path(directory) / "python"
        theirs = packages and os.access(peers_python.PYTHON, os.X_OK)
        self._python = peers_python.PYTHON if theirs else sys.executable

    def __call__(self, peer, threads):
        if peer.program:
            schedule = "serial" if threads == 1 else "tbb"
            words = [f"--kernel={_KERNELS[peer.name]}", f"--schedule={schedule}", f"--threads={threads}"]
            return [self._worker, *words], {}
        return (
            [self._python, FOLDER / "worker.py", peer.name, "--threads", threads],
            {"PYTHONPATH": str(self._modules)},
        )

    def lists(self):
        """{network: elements of each tensor}"""
        return describe.run_json([self._worker, "--lists"])

    def digest(self):
        """Of everything of ours that runs: the programs, the module, the peers' files."""
        whole = hashlib.sha256()
        for path in (self._worker, *sorted(self._modules.glob("steplab/*.*")), *sorted(FOLDER.glob("*.py"))):
            whole.update(path.read_bytes())
        return whole.hexdigest()[:16]


def failed(folder=FAILED):
    """{peer: why its package could not be installed}, the last line of what was kept.

    A file has the name of the package, the first word of the names of its peers.
    """
    found = {}
    for peer in ALL:
        path = folder / peer.name.split("_")[0]
        if path.is_file():
            lines = path.read_text(errors="replace").strip().splitlines()
            found[peer.name] = f"not installed: {lines[-1][-300:] if lines else 'without a reason'}"
    return found


def _executable(path):
    if not os.access(path, os.X_OK):
        raise StudyError(f"'{path}' is not there: build the release preset, or give another --build-dir")
    return path
