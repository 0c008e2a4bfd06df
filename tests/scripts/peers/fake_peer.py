"""A worker of the peers study that computes nothing: it answers as it is told, and notes what it was
asked.

fake_peer.py PEER --threads N; FAKE_PEER_TOLD is JSON {peer: {request: action}} with request "start" for
its beginning, FAKE_PEER_LOG a file for a line a request. A step takes the seconds of the action "seconds
S".
"""

import json
import os
import signal
import sys
import time
from array import array

NAME, THREADS = sys.argv[1], int(sys.argv[3])
TOLD = json.loads(os.environ["FAKE_PEER_TOLD"]).get(NAME, {})


def say(answer):
    print(json.dumps(answer), flush=True)


def values(request):
    """The same of every peer; `wrong` by a thousandth."""
    count = sum(request["cell"]["tensors"])
    found = array("f", (2 * i / count - 1 for i in range(count)))
    action = TOLD.get("check", "")
    if action == "wrong":
        found[7] *= 1.001
    if action == "infinite":
        found[7] = float("inf")
    return found[:-1] if action == "short" else found


def answer(request):
    do = request["do"]
    if do == "prepare":
        return {"prepare_seconds": 0.5}
    if do == "time":
        return {"seconds": float(TOLD.get("step", "0.001")), "steps": 3}
    if do == "check":
        with open(request["file"], "wb") as file:
            values(request).tofile(file)
        return {}
    if do == "memory":
        return {"state_bytes": 8 * 4194304, "peak_bytes": None}
    return {}


def act(action, do):
    """What goes wrong, where the action says so."""
    if action == "die":
        print("first line", file=sys.stderr)
        print("out of luck", file=sys.stderr, flush=True)
        os.kill(os.getpid(), signal.SIGSEGV)
    if action == "end":
        sys.exit(3)
    if action == "hang":
        time.sleep(600)
    if action == "nonsense":
        print("Hello there", flush=True)
        return True
    if action == "fail":
        say({"ok": False, "error": f"cannot {do}"})
        return True
    if action == "not offered":
        say({"ok": False, "error": "has no such rule", "offered": False})
        return True
    if action == "negative":
        say({"ok": True, "seconds": -1.0, "prepare_seconds": -1.0, "state_bytes": -1})
        return True
    return False


def main():
    if TOLD.get("start") == "missing":
        return say({"ready": False, "error": "No module named 'luck'"})
    act(TOLD.get("start"), "start")
    version, differs = TOLD.get("version", "1.0"), TOLD.get("differs", "")
    say({"ready": True, "peer": NAME, "title": f"fake {NAME}", "version": version, "differs": differs})
    for line in sys.stdin:
        request = json.loads(line)
        do = request["do"]
        rule = request.get("cell", {}).get("rule", "")
        with open(os.environ["FAKE_PEER_LOG"], "a") as log:
            print(NAME, THREADS, do, rule, file=log)
        if not act(TOLD.get(f"{do} {rule}", TOLD.get(do)), do):
            say({"ok": True, **answer(request)})


main()
