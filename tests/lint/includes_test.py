#!/usr/bin/env python3
"""The check of includes sees what goes the wrong way."""

import pathlib
import tempfile

import includes

with tempfile.TemporaryDirectory() as folder:
    src = pathlib.Path(folder)
    for name, text in {
        "steplab/sweep/a.hpp": '#include <cmath>\n#include <cstddef>\n#include "steplab/rules/rule.hpp"\n',
        "steplab/state/b.cpp": '#include "steplab/kernels/kernel.hpp"\n',
        "cli/c.cpp": '#include <cmath>\n#include "bench/harness/rig.hpp"\n',
        "new/d.hpp": "",
    }.items():
        (src / name).parent.mkdir(parents=True, exist_ok=True)
        (src / name).write_text(text)
    found = [line for line in includes.problems(src) if not line.startswith("no file")]
    unused = [line for line in includes.problems(src) if line.startswith("no file of steplab/sweep")]

expected = [
    "cli/c.cpp includes bench/harness/rig.hpp;",
    "new/d.hpp: the folder new is not in the table",
    "steplab/state/b.cpp includes steplab/kernels/kernel.hpp;",
    "steplab/sweep/a.hpp includes <cmath>;",
]
assert len(found) == len(expected) and all(a.startswith(b) for a, b in zip(found, expected)), found
assert unused == [], unused
