"""Two bench_step programs timed in turns: A B, B A, …, all cells shuffled in each process.

A finished round is a file in the cache, so that an interrupted comparison continues, and one with more
rounds adds to what is there. The key of the files is what the samples depend on.
"""

import json
import random
from pathlib import Path

from ..benchmarks.rounds import list_cells, measure, samples_of, settings_of
from ..errors import UsageError
from ..progress import say
from ..store.store import canonical, key_of

SEED = 20240229


def run(programs, profile, machine, rounds, cache):
    """[[(cell id, sample)] of A, the same of B] over `rounds` rounds.

    `programs`: paths of A and B.
    """
    settings = [settings_of("bench_step", program, profile, machine) for program in programs]
    for program, side in zip(programs, "AB"):
        if not list_cells(program, profile, profile.step_filter):
            raise UsageError(
                f"--filter '{profile.step_filter}' fits no cell of {side}'s profile {profile.name}"
            )
    folder = Path(cache) / "rounds" / key_of(settings)[:16]
    folder.mkdir(parents=True, exist_ok=True)
    found = [[], []]
    for number in range(rounds):
        path = folder / f"{number:03}.json"
        if path.is_file():
            say(f"round {number + 1} of {rounds}: already in the cache")
            sides = json.loads(path.read_text())
        else:
            sides = _round(number, rounds, programs, settings, profile)
            unfinished = path.with_suffix(".new")
            unfinished.write_text(canonical(sides))
            unfinished.replace(path)
        for side, samples in zip(found, sides):
            side += [(name, sample) for name, sample in samples]
    return found


def order_of(number):
    """Which side goes first in a round: each pair of rounds has both orders, the first of them by
    chance."""
    first = random.Random(SEED + number // 2).randrange(2)
    return (first, 1 - first) if number % 2 == 0 else (1 - first, first)


def _round(number, rounds, programs, settings, profile):
    sides = [None, None]
    for side in order_of(number):
        title = f"round {number + 1}/{rounds} {'AB'[side]}"
        raw, _ = measure(programs[side], settings[side], profile, title)
        sides[side] = list(samples_of(raw))
    return sides


def cpu_name():
    """The processor's model, as the kernel tells it; empty where it does not."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return ""
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
