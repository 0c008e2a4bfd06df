#!/usr/bin/env python3
"""Includes go one way: which rooms of src/ a room may include, beside itself. Usage: includes.py SRC

A folder of src/ that is not in the table, and a row that allows more than its room includes, are errors too.
"""

import pathlib
import re
import sys

ALLOWED = {
    "steplab": "",  # the public headers; what they are made of is compiled in rooms below
    "steplab/text": "steplab",
    "steplab/rules": "steplab",
    "steplab/lanes": "",
    "steplab/sweep": "steplab/rules",
    "steplab/kernels": "steplab/rules steplab/lanes steplab/sweep",
    "steplab/dispatch": "steplab steplab/text steplab/kernels steplab/schedule",
    "steplab/schedule": "steplab steplab/text steplab/rules",
    "steplab/state": "steplab steplab/text steplab/optimizer",
    "steplab/io": "steplab steplab/text steplab/optimizer",
    "steplab/optimizer": "steplab steplab/text steplab/rules steplab/lanes steplab/sweep"
    " steplab/dispatch steplab/schedule steplab/state",
    "steplab/c": "steplab steplab/text steplab/optimizer steplab/schedule",
    "workloads": "steplab steplab/text steplab/optimizer workloads/compute",
    "workloads/compute": "steplab",
    "ceilings": "steplab steplab/dispatch steplab/optimizer steplab/schedule steplab/state ceilings/isa",
    "ceilings/isa": "",
    "cli": "steplab steplab/text steplab/optimizer steplab/dispatch steplab/io steplab/schedule ceilings"
    " workloads workloads/compute",
}
# What kernels are made of takes no inline function of the standard library: the linker would keep one copy.
BARE = {"steplab/rules", "steplab/lanes", "steplab/sweep"}
BARE_HEADERS = {"cstddef", "cstdint", "utility", "xsimd/xsimd.hpp", "immintrin.h"}


def included(file):
    """Names of the headers that a file includes: (quoted, in angle brackets)."""
    text = file.read_text()
    return re.findall(r'^#include "(.+)"', text, re.M), re.findall(r"^#include <(.+)>", text, re.M)


def problems(src):
    """Lines of text, one for each include that goes the wrong way."""
    used = {room: set() for room in ALLOWED}
    for file in sorted(src.rglob("*.[ch]pp")):
        name, room = str(file.relative_to(src)), str(file.parent.relative_to(src))
        if room not in ALLOWED:
            yield f"{name}: the folder {room} is not in the table"
            continue
        allowed = {room, *ALLOWED[room].split()}
        quoted, angled = included(file)
        for header in quoted:
            other = str(pathlib.PurePath(header).parent)
            used[room].add(other)
            if other not in allowed:
                yield f"{name} includes {header}; allowed: {', '.join(sorted(allowed))}"
        if room in BARE:
            for header in sorted(set(angled) - BARE_HEADERS):
                yield f"{name} includes <{header}>; allowed: {', '.join(sorted(BARE_HEADERS))}"
    for room, others in used.items():
        for other in sorted(set(ALLOWED[room].split()) - others):
            yield f"no file of {room} includes {other}, which the table allows"


def main():
    found = list(problems(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "includes go one way")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
