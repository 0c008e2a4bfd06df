"""Sanitizers: memory errors, undefined behaviour, data races and unset values, as the tools see them."""

from ..report.sections.blocks import Table
from ..wording.numbers import grouped, listing, plural
from .found import Found, judged, repeated_by, sentences

FILE, TITLE = "sanitizers.json", "Sanitizers"
COMMAND = "python3 tests/sanitizers/record.py reports/robustness/sanitizers.json asan tsan memcheck"
TOOLS = {  # over what each is to run: tests/sanitizers/record.py
    "AddressSanitizer and UndefinedBehaviorSanitizer": "all tests of C++ and the fuzz targets over their"
    " committed corpora",
    "ThreadSanitizer": "the blocks of a step on `std::thread`s (tests labelled threads)",
    "Valgrind memcheck": "tests of state and the corpora of the fuzz targets (tests labelled memcheck)",
}


def found(record):
    runs = record["runs"]
    failed = [one["tool"] for one in runs if not _clean(one)]
    missing = [tool for tool in TOOLS if tool not in [one["tool"] for one in runs]]
    partly = [one["tool"] for one in runs if one["what"] != TOOLS.get(one["tool"])]
    text = sentences(
        f"{plural(sum(one['tests'] for one in runs), 'test')} under {listing(one['tool'] for one in runs)}:",
        f"not clean under {listing(failed)}." if failed else "clean." if runs else "",
        f"Over a part only: {listing(partly)}." if partly else "",
        f"Not recorded: {listing(missing)}." if missing else "",
    )
    blocks = (_table(runs, missing), repeated_by(runs, "tool"))
    return Found(judged(failed, partly or missing), text, blocks)


def _clean(run):
    return run["result"] == "clean" and run["failed"] == 0 and run["tests"] > 0


def _table(runs, missing):
    rows = [
        (
            *(
                one["tool"],
                one.get("version", "–"),
                one["what"],
                grouped(one["tests"]),
                grouped(one["failed"]),
            ),
            *(str(one.get("skipped", "–")), str(one.get("seconds", "–"))),
            "clean" if _clean(one) else "**not clean**",
        )
        for one in runs
    ]
    rows += [(tool, *["–"] * 6, "not recorded") for tool in missing]
    return Table(
        ("tool", "version", "over", "tests", "failed", "skipped", "seconds", "outcome"),
        tuple(rows),
        "Tests as ctest counts them. A test fails when the tool reports anything.",
    )
