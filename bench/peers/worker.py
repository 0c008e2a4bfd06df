"""Steps of one peer, something people use in steplab's place: one process per peer and number of threads.

build/peers/bin/python bench/peers/worker.py PEER --threads N

Reads JSON requests, one a line, and answers each by one line (cell.py has the requests). The first line
says {"ready": true, "peer", "title", "version", "differs"}, or {"ready": false, "error": why} and the
process ends with exit code 1. What libraries print goes to stderr. `peer_worker` speaks the same for the
C++ library.

To add a peer, write bench/peers/NAME.py with a class Peer (its title, the package whose version counts,
the rules it has, step() and the rest of peer.Peer), and a line in scripts/steplab_study/peers/list.py. It
imports its package itself, and an import that fails is told as the reason why the peer is missing.
"""

import argparse
import importlib
import json
import os
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = HERE.parents[1] / "build" / "peers"
NOT_PEERS = {"worker", "cell", "memory", "numbers", "peer", "rules"}


def names():
    return sorted(p.stem for p in HERE.glob("*.py") if p.stem not in NOT_PEERS and not p.stem.startswith("_"))


def arguments():
    allowed = len(os.sched_getaffinity(0))
    parser = argparse.ArgumentParser(description="steps of one peer, on requests from stdin")
    parser.add_argument("peer", choices=names())
    parser.add_argument("--threads", type=int, default=1, help=f"1 to {allowed}, the processors allowed here")
    chosen = parser.parse_args()
    if not 1 <= chosen.threads <= allowed:
        parser.error(f"--threads is {chosen.threads}; accepted: 1 to {allowed}, the processors allowed here")
    return chosen


def confine(threads):
    """The last of the allowed processors for this process, as many as it has threads, before any library
    counts them."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:])
    for name in ("OMP", "MKL", "OPENBLAS", "NUMEXPR"):
        os.environ[f"{name}_NUM_THREADS"] = str(threads)
    os.environ["NPROC"] = str(threads)  # XLA's pool


def set_environment():
    """Caches of what peers compile stay in build/peers."""
    os.environ.setdefault("TORCH_EXTENSIONS_DIR", str(BUILD / "extensions"))
    os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(BUILD / "inductor"))
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(BUILD / "jax"))
    # ninja, which builds extensions, is a program beside the interpreter
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"


def take_stdout():
    """The stream of answers; file descriptor 1 is stderr from now on."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    return answers


def reason(error):
    text = re.sub(r"\s+", " ", str(error)).strip()
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def load(name, threads):
    """The class of a peer; modules are bench.peers.NAME, so that none hides the package it uses."""
    sys.path[0] = str(HERE.parents[1])
    return importlib.import_module(f"bench.peers.{name}").Peer.prepared(threads)


def serve(cells, answers):
    for line in sys.stdin:
        try:
            request = json.loads(line)
            if not isinstance(request, dict):
                raise ValueError("a request is no JSON object")
            if request.get("do") == "quit":
                break
            reply = {"ok": True, **cells.answer(request)}
        except Exception as error:
            reply = {"ok": False, "error": reason(error)}
            if getattr(error, "not_offered", False):
                reply["offered"] = False
        print(json.dumps(reply), file=answers)


def main():
    chosen = arguments()
    confine(chosen.threads)
    set_environment()
    answers = take_stdout()
    try:
        peer = load(chosen.peer, chosen.threads)
        about = {"peer": chosen.peer, "title": peer.title, "version": peer.version(), "differs": peer.differs}
        from bench.peers.cell import Cells
    except Exception as error:
        print(json.dumps({"ready": False, "error": reason(error)}), file=answers)
        return 1
    print(json.dumps({"ready": True, **about}), file=answers)
    serve(Cells(peer, chosen.threads), answers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
