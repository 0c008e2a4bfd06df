"""The page of reports/robustness: what the records say, failures plainly."""

import json
import re
from copy import deepcopy

import pytest

from steplab_study import robustness
from steplab_study.errors import StudyError
from steplab_study.machine.build import ROOT
from steplab_study.robustness import fuzzing

AT = {"date": "2026-01-02", "commit": "0123456789abcdef", "command": "repeat this"}
TARGET = {
    "passed": True,
    "inputs": 10_000_000,
    "largest_input_bytes": 9,
    "seconds": 1,
    "sanitizers": "address",
}
BUILD = {
    "architecture": "x86_64",
    "processor": "made up",
    "command": "build/clang/bin/final_states list",
    "run": True,
    "emulator": None,
    "compiler": "cc 1",
    "variants": ["scalar/serial"],
    "cases": 3,
    "different": 0,
    "equal": True,
}
NO_LEFTOVERS = {"leftovers": 1, "leftovers_after_the_next_save": 0}
# Everything that is aimed at, and nothing failing.
HOLDING = {
    "fuzz": {"targets": [{"target": name} | TARGET | AT for name in fuzzing.TARGETS]},
    "crashes": {
        "passed": True,
        "failed": 0,
        "faults": [{"fault": "EIO", "call": "sync", "tried": 2, "old": 1, "new": 1, "other": 0}],
        "crashes": NO_LEFTOVERS,
        "kills": {"kills": 200, "whole": 200, "other": 0, "states": 300} | NO_LEFTOVERS,
        "loads": {"failed_allocations": 5, "unchanged": 5},
        "damage": {"damaged": 7, "unnoticed": 0},
    }
    | AT,
    "architectures": {
        "runs": [BUILD],
        "tests_on_aarch64": {"command": "ctest", "tests": 4, "failed": 0, "passed": True},
    }
    | AT,
    "sanitizers": {
        "runs": [
            {"tool": tool, "what": what, "tests": 6, "failed": 0, "result": "clean"} | AT
            for tool, what in robustness.sanitizers.TOOLS.items()
        ]
    },
    "soak": {
        "passed": True,
        "seed": 1,
        "kernels": ["scalar"],
        "seconds": 3600.2,
        "processor_seconds": 1800.4,
        "worlds": 11,
        "operations": 1650,
        "differences": 0,
        "resident_bytes_settled": 64 * 2**20,
        "resident_bytes_end": 65 * 2**20,
        "allowed_growth_bytes": 8 * 2**20,
        "grew": False,
    }
    | AT,
}


def page_of(folder, records):
    for name, record in records.items():
        (folder / f"{name}.json").write_text(json.dumps(record))
    return robustness.page(folder)


def summary(page, title):
    """The verdict and the text of one part's line at the top."""
    return re.search(rf"^- \*\*{title}: (.*?)\.\*\* (.*)$", page, re.MULTILINE).groups()


def test_the_committed_page_is_what_the_committed_records_say():
    folder = ROOT / robustness.FOLDER
    assert (folder / robustness.PAGE).read_text() == robustness.page(folder)


def test_every_committed_record_is_on_the_page():
    files = {path.name for path in (ROOT / robustness.FOLDER).glob("*.json")}
    assert files <= {part.FILE for part in robustness.ALL}


def test_the_targets_are_those_that_have_a_corpus():
    corpora = {path.name for path in (ROOT / "tests" / "fuzz" / "corpus").iterdir()}
    assert corpora == set(fuzzing.TARGETS)


def test_what_holds_is_said_to_hold_with_what_repeats_it(tmp_path):
    page = page_of(tmp_path, HOLDING)
    for part in robustness.ALL:
        assert summary(page, part.TITLE)[0] == "holds"
    assert page.count("`repeat this` (commit 0123456789ab, 2026-01-02)") >= len(robustness.ALL)
    assert "50 000 000 inputs over 5 targets" in page and "killed 200 times" in page
    assert "3 600 s, of which the processor worked 1 800 s" in page
    assert "64 MiB once settled, 65 MiB at the end" in page
    assert not re.search(r"FAILED|not recorded|[Ff]ewer|\*\*broke|\*\*differs|not clean", page)


@pytest.mark.parametrize("part", robustness.ALL, ids=lambda part: part.FILE)
def test_a_part_without_a_record_is_listed_as_not_recorded(part, tmp_path):
    page = page_of(tmp_path, {k: v for k, v in HOLDING.items() if f"{k}.json" != part.FILE})
    word, text = summary(page, part.TITLE)
    assert word == "not recorded" and part.COMMAND in text
    assert sum(word == "holds" for word, _ in (summary(page, p.TITLE) for p in robustness.ALL)) == 4


# part, where in its record, what is there, the words that must be said
FAILING = [
    ("fuzz", ("targets", 3, "passed"), False, "idx broke"),
    ("crashes", ("faults", 0, "other"), 1, "another file than the old or the new one after 1 fault"),
    ("crashes", ("kills", "other"), 2, "a file that is not whole after 2 kills"),
    ("crashes", ("kills", "leftovers_after_the_next_save"), 1, "leftovers stayed"),
    ("crashes", ("crashes", "leftovers_after_the_next_save"), 1, "leftovers stayed"),
    ("crashes", ("crashes", "leftovers_after_the_next_save"), None, "a test left no numbers"),
    ("crashes", ("loads", "unchanged"), 4, "a load without memory changed something"),
    ("crashes", ("damage", "unnoticed"), 3, "3 damaged files loaded"),
    ("crashes", ("passed",), False, "tests failed"),
    ("architectures", ("runs", 0, "equal"), False, "other bits, or none, on x86_64, made up"),
    ("architectures", ("tests_on_aarch64", "passed"), False, "ended with an error"),
    ("sanitizers", ("runs", 1, "failed"), 2, "not clean under ThreadSanitizer"),
    ("sanitizers", ("runs", 2, "result"), "failed", "not clean under Valgrind"),
    ("sanitizers", ("runs", 0, "tests"), 0, "not clean under AddressSanitizer"),
    ("soak", ("differences",), 1, "1 difference."),
    ("soak", ("grew",), True, "memory grew"),
    ("soak", ("passed",), False, "it ended with an error"),
]
SHORT = [
    ("fuzz", ("targets", 1, "inputs"), 9_999_999, "aimed at: checkpoint."),
    (
        "fuzz",
        ("targets",),
        [{"target": "idx"} | TARGET | AT],
        "Not recorded: safetensors, checkpoint, trace and",
    ),
    ("crashes", ("kills", "kills"), 199, "Fewer kills than the 200"),
    ("crashes", ("faults",), [], "0 faults"),
    ("architectures", ("runs", 0, "run"), False, "Not run: x86_64, made up"),
    ("architectures", ("tests_on_aarch64",), None, "not recorded"),
    ("sanitizers", ("runs",), [], "Not recorded: AddressSanitizer"),
    ("sanitizers", ("runs", 0, "what"), "two tests", "Over a part only: AddressSanitizer"),
    ("soak", ("seconds",), 3599, "Shorter than the 3 600 s"),
    ("soak", ("resident_bytes_settled",), 0, "Memory was not looked at"),
]


def changed(part, path, value):
    records = deepcopy(HOLDING)
    place = records[part]
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return records


@pytest.mark.parametrize("part, path, value, words", FAILING)
def test_a_failure_is_said_plainly(part, path, value, words, tmp_path):
    page = page_of(tmp_path, changed(part, path, value))
    word, text = summary(page, part.capitalize() if part != "fuzz" else "Fuzzing")
    assert word == "FAILED" and words in text
    assert page.count("FAILED") == 1


@pytest.mark.parametrize("part, path, value, words", SHORT)
def test_less_than_is_aimed_at_is_not_said_to_hold(part, path, value, words, tmp_path):
    page = page_of(tmp_path, changed(part, path, value))
    word, text = summary(page, part.capitalize() if part != "fuzz" else "Fuzzing")
    assert word == "nothing failed, but less was tried than is aimed at" and words in text


def test_the_page_is_written_beside_its_records(tmp_path):
    folder = tmp_path / robustness.FOLDER
    folder.mkdir(parents=True)
    text = page_of(folder, HOLDING)
    assert robustness.update(tmp_path).read_text() == text
    assert robustness.page(folder) == text


def test_a_damaged_record_is_refused_with_its_name(tmp_path):
    (tmp_path / "soak.json").write_text('{"seconds": 1')
    with pytest.raises(StudyError, match="soak.json: not a record that `python3 tests/soak/record.py"):
        robustness.page(tmp_path)
