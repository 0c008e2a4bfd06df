"""What is built and installed for the peers, and how a worker of each is started."""

import hashlib
import os
import sys
from pathlib import Path

from . import build, machine, peers
from .errors import StudyError

TARGETS = ("steplab_program", "peer_worker", "steplab_python")
FOLDER = build.ROOT / "bench" / "peers"
FAILED = build.ROOT / "build" / "peers" / "failed"  # by scripts/setup --peers: a file a peer, with the reason
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
        self._python = peers.PYTHON if packages and os.access(peers.PYTHON, os.X_OK) else sys.executable

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
        return machine.run_json([self._worker, "--lists"])

    def digest(self):
        """Of everything of ours that runs: the programs, the module, the peers' files."""
        whole = hashlib.sha256()
        for path in (self._worker, *sorted(self._modules.glob("steplab/*.*")), *sorted(FOLDER.glob("*.py"))):
            whole.update(path.read_bytes())
        return whole.hexdigest()[:16]


def failed():
    """{peer: why it could not be installed}, the last line of what was kept."""
    texts = {path.name: path.read_text(errors="replace").strip() for path in FAILED.glob("*")}
    return {name: text.splitlines()[-1][-300:] if text else "not installed" for name, text in texts.items()}


def _executable(path):
    if not os.access(path, os.X_OK):
        raise StudyError(f"'{path}' is not there: build the release preset, or give another --build-dir")
    return path
