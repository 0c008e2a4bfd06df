"""The records of crash tests and sanitizers: what they take from Google Test and from ctest."""

import importlib.util
import json

import pytest

from steplab_study.machine.build import ROOT
from steplab_study.robustness import sanitizers as page


def recorder(folder):
    """Tests/<folder>/record.py as a module."""
    path = ROOT / "tests" / folder / "record.py"
    spec = importlib.util.spec_from_file_location(f"record_{folder}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


sanitizers, crashes = recorder("sanitizers"), recorder("checkpoint")

CASE = '<testcase name="{}" status="{}">{}</testcase>'
SUITE = '<?xml version="1.0" encoding="UTF-8"?><testsuite name="(empty)" tests="9" time="{}">{}</testsuite>'


def junit(*cases, time="12.6"):
    return SUITE.format(time, "".join(CASE.format(*(*case, "")[:3]) for case in cases))


def notrun(why):
    return ("name", "notrun", f'<skipped message="{why}"/>')


def test_tests_that_ran_and_failed_are_counted():
    text = junit(("a", "run"), ("b", "fail", '<failure message=""/>'), ("c", "run"))
    assert sanitizers.counted(text) == {"tests": 3, "failed": 1, "skipped": 0, "seconds": 13}


def test_what_asked_to_be_skipped_is_no_test_and_a_missing_program_is_a_failed_one():
    skipped = [notrun("SKIP_RETURN_CODE=4"), notrun("SKIP_REGULAR_EXPRESSION_MATCHED"), ("off", "disabled")]
    text = junit(("a", "run"), *skipped, notrun("Unable to find executable"))
    assert sanitizers.counted(text) == {"tests": 2, "failed": 1, "skipped": 3, "seconds": 13}


@pytest.mark.parametrize(
    "text, code, result",
    [
        (junit(("a", "run")), 0, "clean"),
        (junit(("a", "fail")), 8, "failed"),
        (junit(("a", "run")), 8, "failed"),  # ctest has more reasons than tests
        (junit(), 0, "failed"),  # nothing ran
        ("", 1, "failed"),  # no file was written
    ],
)
def test_clean_are_tests_that_ran_none_failing_in_a_ctest_that_succeeded(text, code, result):
    assert sanitizers.entry("Tool", "1", "tests", "ctest", text, code)["result"] == result


def test_a_run_takes_the_place_of_the_same_tools_earlier_one_and_others_stay():
    record = {"format": 1, "runs": [{"tool": "A", "tests": 1}, {"tool": "B", "tests": 2}]}
    merged = sanitizers.merged(record, [{"tool": "A", "tests": 3}, {"tool": "C", "tests": 4}])
    assert [(one["tool"], one["tests"]) for one in merged["runs"]] == [("A", 3), ("B", 2), ("C", 4)]
    assert sanitizers.merged({}, [{"tool": "A"}]) == {"format": 1, "runs": [{"tool": "A"}]}


def test_an_unknown_run_is_refused_before_anything_runs(tmp_path, capsys):
    assert sanitizers.main(tmp_path / "file.json", ["asan", "msan"]) == 2
    assert "unknown run 'msan'; accepted: asan, tsan, memcheck" in capsys.readouterr().err
    assert not (tmp_path / "file.json").exists()


def test_the_page_expects_what_the_recorder_runs():
    assert page.TOOLS == {tool: what for tool, what, *_ in sanitizers.RUNS.values()}
    presets = json.loads((ROOT / "CMakePresets.json").read_text())["testPresets"]
    assert {preset for _, _, preset, *_ in sanitizers.RUNS.values()} <= {one["name"] for one in presets}


def told(suite, *tests, failures=0):
    """What Google Test writes of one suite; each of `tests` is the properties of one."""
    about = {"name": "ATest", "line": 7, "status": "RUN", "time": "0.003s"}
    return {
        "tests": len(tests),
        "failures": failures,
        "testsuites": [{"name": suite, "testsuite": [about | one for one in tests]}],
    }


def made_up(failures=0):
    saves = told(
        "FaultySave", {"EIO.sync.old": "1", "EIO.sync.new": "2", "EIO.sync.other": "0"}, {"leftovers": "5"}
    )
    damage = told("DamagedCheckpoint", {"damaged": "100", "unnoticed": "0"}, {"damaged": "11"})
    saves["testsuites"] += damage["testsuites"]
    return {
        "core_test": saves | {"failures": failures},
        "checkpoint_test": told("KilledWhileSaving", {"kills": "200", "whole": "200", "other": "0"}),
        "checkpoint_memory_test": told("CheckpointMemory", {"failed_allocations": "9", "unchanged": "9"}),
    }


def test_what_crash_tests_left_as_properties_is_gathered():
    record = crashes.record_of(made_up())
    assert record["faults"] == [{"fault": "EIO", "call": "sync", "tried": 3, "old": 1, "new": 2, "other": 0}]
    assert record["damage"] == {"damaged": 111, "unnoticed": 0}
    assert record["kills"]["kills"] == 200 and record["loads"]["unchanged"] == 9
    assert record["crashes"] == {
        "leftovers": 5,
        "leftovers_after_the_next_save": None,
    }  # it left no such number
    assert record["passed"]


def test_a_record_has_not_passed_where_a_test_failed_or_none_ran():
    assert not crashes.record_of(made_up(failures=1))["passed"]
    assert not crashes.record_of(made_up() | {"checkpoint_test": told("KilledWhileSaving")})["passed"]
