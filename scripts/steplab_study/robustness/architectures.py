"""Architectures: whether other instruction sets, processors and compilers give the same bits."""

from ..report.sections.blocks import Items, Table
from ..wording.numbers import listing, plural
from .found import Found, judged, repeated_by, sentences

FILE, TITLE = "architectures.json", "Architectures"
COMMAND = "python3 tests/architectures/record.py reports/robustness/architectures.json"


def found(record):
    runs, tests = record["runs"], record.get("tests_on_aarch64")
    ran = [run for run in runs if run["run"]]
    skipped = [_name(run) for run in runs if not run["run"]]
    differ = [_name(run) for run in ran if not run["equal"]]
    tests_failed = tests is not None and not tests["passed"]
    text = sentences(
        f"{plural(len(ran), 'build')} on {listing(dict.fromkeys(run['architecture'] for run in ran))}:",
        f"other bits, or none, on {listing(differ)}." if differ else "the same bits." if ran else "",
        f"Not run: {listing(skipped)}." if skipped else "",
        _tests_line(tests),
    )
    blocks = (_table(runs), Items((_tests_line(tests),)), repeated_by([record]))
    return Found(judged(differ or tests_failed, skipped or not ran or tests is None), text, blocks)


def _name(run):
    return f"{run['architecture']}, {run['processor']} ({run['command'].split()[-2]})"


def _tests_line(tests):
    if tests is None:
        return "The other tests on aarch64 are not recorded."
    return f"Of {tests['tests']} other tests on aarch64 {tests['failed']} failed (`{tests['command']}`)" + (
        "." if tests["passed"] or tests["failed"] else ", and ctest ended with an error."
    )


def _table(runs):
    rows = []
    for run in runs:
        about = (run["architecture"], run["processor"])
        if not run["run"]:
            rows.append((*about, "not run", *["–"] * 5, f"`{run['command']}`"))
            continue
        outcome = "the same bits" if run["equal"] else "**differs**"
        variants = f"{len(run['variants'])}: {', '.join(run['variants'])}"
        rows.append(
            (
                *(*about, outcome, run["compiler"], run["emulator"] or "none", variants),
                *(str(run["cases"]), str(run["different"]), f"`{run['command']}`"),
            )
        )
    return Table(
        (
            *("architecture", "processor", "outcome", "compiler", "emulator", "variants"),
            *("cases of each", "different", "command"),
        ),
        tuple(rows),
        "Hashes of final states, NaN made canonical, against the one committed list.",
    )
