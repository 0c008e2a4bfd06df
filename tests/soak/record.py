"""Soaks for a given time on what others leave of one processor, and writes what came out.

Usage: python3 tests/soak/record.py FILE.json [SECONDS]   (an hour where SECONDS is left out) From the
repository's root, with the release preset built.
"""

import datetime
import json
import pathlib
import subprocess
import sys

PROGRAM = "build/release/bin/soak"


def main(path, seconds="3600"):
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    command = f"nice -n 19 taskset -c 0 {PROGRAM} --seconds={seconds} --seed=1 --json={path}"
    done = subprocess.run(command.split())
    record = json.loads(pathlib.Path(path).read_text())
    record |= {
        "date": datetime.date.today().isoformat(),
        "commit": commit.stdout.strip(),
        "command": f"python3 tests/soak/record.py {path} {seconds}",
        "passed": done.returncode == 0,
    }
    pathlib.Path(path).write_text(json.dumps(record, indent=2) + "\n")
    return done.returncode


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
