"""What the Adam baselines in Python share: sizes from the command line, the clock, one JSON object as the
answer."""

import argparse
import json
import time


def arguments(description):
    """The sizes, the seconds a measurement takes at least, and the numbers of threads."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--sizes", type=int, nargs="+", required=True, help="parameters of the one tensor")
    parser.add_argument(
        "--threads", type=int, nargs="+", default=[1], help="numbers of threads, one after another"
    )
    parser.add_argument("--min-time", type=float, default=0.05, help="seconds a measurement takes at least")
    chosen = parser.parse_args()
    for name in ("sizes", "threads"):
        if min(getattr(chosen, name)) < 1:
            parser.error(f"--{name} has {min(getattr(chosen, name))}: accepted are whole numbers from 1")
    return chosen


def seconds_a_step(step, min_time):
    """Mean over as many steps as fill `min_time`, after one that is not counted."""
    step()
    count = 1
    while True:
        begun = time.perf_counter()
        for _ in range(count):
            step()
        taken = time.perf_counter() - begun
        if taken >= min_time:
            return taken / count
        count = max(2 * count, int(1.2 * count * min_time / max(taken, 1e-7)))


def print_json(found):
    print(json.dumps(found))
