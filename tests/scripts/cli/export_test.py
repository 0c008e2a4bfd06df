"""An export: the same report from it, the way back, what it leaves out, and what is refused."""

import json
import lzma
import shutil
import sqlite3
import subprocess
from contextlib import closing

import pytest
from made_up import CONTEXT, MadeUpExecutor, fill
from made_up_peers import results as made_up_peers
from study_test import STUDY

from steplab_study import studies
from steplab_study.cli.export import export, restore
from steplab_study.cli.main import main
from steplab_study.engine.driver import Driver
from steplab_study.engine.requests import Crossings, NotDone, crossing_of, replay
from steplab_study.errors import StudyError
from steplab_study.evidence import opened
from steplab_study.machine.build import ROOT
from steplab_study.report.write import write_report
from steplab_study.store import exported
from steplab_study.store.store import FILE_NAME, Store
from steplab_study.trials.read import curve, crossing, near_crossing

STANDARD = ROOT / "reports" / "standard"


def files(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def rows(folder, name):
    content = lzma.decompress((folder / "export" / name).read_bytes())
    return [json.loads(line) for line in content.splitlines()]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A store with trials, crossings, timings, cells, memory and peers; its export beside it."""
    folder = tmp_path_factory.mktemp("whole")
    fill(folder, parts=("step", "memory", "ranking", "inclusion", "step_times", "scale_ratio"))
    (folder / "peers.json").write_text(json.dumps(made_up_peers(), indent=1) + "\n")
    export(folder)
    return folder


@pytest.fixture
def copy(whole, tmp_path):
    """A folder with the export alone."""
    shutil.copytree(whole / "export", tmp_path / "export")
    return tmp_path


def test_the_report_has_the_same_bytes_from_store_and_export(whole, copy):
    write_report(whole)
    write_report(copy)
    assert files(whole / "figures") == files(copy / "figures")
    for name in ("report.md", "report.html"):
        assert (whole / name).read_bytes() == (copy / name).read_bytes()
    assert "png" not in (copy / "report.md").read_text() and not list(copy.rglob("*.png"))


def test_an_export_of_an_import_has_the_same_bytes(whole, copy):
    restore(copy)
    assert (copy / "peers.json").read_bytes() == (whole / "peers.json").read_bytes()
    shutil.rmtree(copy / "export")
    export(copy)
    assert files(copy / "export") == files(whole / "export")


def test_the_files_are_one_a_workload_and_timings_have_their_own(whole):
    meta = json.loads((whole / "export" / "meta.json").read_text())
    trials = [f"trials-{w}" for w in ("cnn", "logistic", "mlp", "quadratic", "transformer")]
    tables = ("cells", "memory", "runs", "targets", "timings", *trials)
    assert meta == {
        "export_version": 1,
        "files": sorted(["peers.json.xz", *(f"{name}.jsonl.xz" for name in tables)]),
    }
    assert all("round" in row["config"] for row in rows(whole, "timings.jsonl.xz"))


def test_other_times_change_only_the_files_of_times(tmp_path):
    for name, slower in (("a", 1.0), ("b", 1.5)):
        fill(tmp_path / name, parts=("step", "memory", "inclusion", "step_times"), slower=slower)
        with sqlite3.connect(tmp_path / name / FILE_NAME) as raw:
            raw.execute("UPDATE results SET seconds = ?, finished = ?", (slower, slower))
        raw.close()
        export(tmp_path / name)
    first, second = (files(tmp_path / name / "export") for name in ("a", "b"))
    assert {name for name in first if first[name] != second[name]} == {"cells.jsonl.xz"}


def test_of_a_trial_read_for_a_crossing_only_that_is_kept(whole):
    found = [r for r in rows(whole, "trials-quadratic.jsonl.xz") if r["config"]["kind"] == "crossing"]
    assert len(found) > 100
    assert {len(row["result"]["steps"]) for row in found} == {1, 4}
    with closing(Store.read(whole)) as store:
        for row in found:
            trial = store.result(row["config"]["of"])
            target = row["config"]["target"] * trial["validation_loss"][0]
            assert crossing(curve(row["result"]), target) == crossing(curve(trial), target)


@pytest.mark.parametrize(
    "losses",
    [
        [1.0, 0.5, 0.05, 0.04, 0.03],
        [1.0, 0.05, 0.5, 0.04, 0.03],
        [1.0, 0.05, 0.04, 0.03],
        [1.0, None, 0.05, 0.05],
        [0.05, 0.05, 0.05],
        [1.0, 0.5, 0.05],
        [1.0, 0.05],
        [1.0],
    ],
)
def test_a_crossing_is_read_off_its_surroundings_as_off_the_curve(losses):
    result = {"steps": [10 * i for i in range(len(losses))], "validation_loss": losses}
    assert crossing(curve(near_crossing(result, 0.1)), 0.1) == crossing(curve(result), 0.1)


def test_a_kept_crossing_answers_neither_another_target_nor_for_the_whole_trial(tmp_path):
    config = {"kind": "train", "seed": 1}
    with closing(Store.open(tmp_path)) as store:
        store.add_result(crossing_of(config, 0.1), {"steps": [0], "validation_loss": [1.0]}, 0)

        def plan(request):
            return (yield request)

        assert replay(plan(Crossings([config], 0.1)), store) == [{"steps": [0], "validation_loss": [1.0]}]
        for request in (Crossings([config], 0.2), [config]):
            with pytest.raises(NotDone):
                replay(plan(request), store)


def test_what_no_plan_asks_for_is_left_out(whole, tmp_path):
    shutil.copy(whole / FILE_NAME, tmp_path)
    with closing(Store.open(tmp_path)) as store:
        store.add_result({"kind": "train", "workload": "mlp", "seed": -1}, {"loss": 1}, 0)
        store.commit()
        store.add_batch("a" * 64, 0, "other", {}, {"context": CONTEXT}, [])
    export(tmp_path)
    there = files(whole / "export")
    del there["peers.json.xz"], there["meta.json"]
    assert there.items() <= files(tmp_path / "export").items()


def test_an_unfinished_study_keeps_what_it_has(tmp_path):
    fill(tmp_path, parts=("ranking",), stop_after=300)
    with closing(Store.read(tmp_path)) as store:
        count = store.result_count()
    export(tmp_path)
    (tmp_path / FILE_NAME).unlink()
    with opened(tmp_path) as evidence:
        assert evidence.store.result_count() == count
    restore(tmp_path)
    with closing(Store.read(tmp_path)) as store:
        assert store.result_count() == count


def test_a_study_that_goes_on_from_an_import_computes_nothing_again(copy):
    restore(copy)
    with opened(copy) as evidence:
        context = evidence.context
    with closing(Store.open(copy)) as store:
        driver = Driver(store, MadeUpExecutor(stop_after=0), "again")
        done = driver.run(studies.named("scale_ratio").plans(context))
    assert done and not driver.failed


def test_what_is_read_from_an_export_cannot_be_written(copy):
    with closing(exported.read(copy)) as store, pytest.raises(sqlite3.OperationalError, match="readonly"):
        store.add_result({"seed": 1}, {}, 0)


def test_an_import_does_not_lose_results(copy):
    restore(copy)
    with closing(Store.open(copy)) as store:
        store.add_result({"seed": 1}, {"loss": 1}, 0)
        store.commit()
    before = (copy / FILE_NAME).read_bytes()
    with pytest.raises(StudyError, match="has 1 results that the export lacks.*move it away"):
        restore(copy)
    assert (copy / FILE_NAME).read_bytes() == before


def test_an_import_does_not_lose_peers(copy):
    (copy / "peers.json").write_text("{}")
    with pytest.raises(StudyError, match="peers.json' is not what the export has"):
        restore(copy)
    assert (copy / "peers.json").read_text() == "{}" and not (copy / FILE_NAME).exists()


def _another_version(folder):
    (folder / "meta.json").write_text('{"export_version": 2, "files": []}')


def _cut(folder):
    path = folder / "trials-mlp.jsonl.xz"
    path.write_bytes(path.read_bytes()[:-100])


def _another_row(folder):
    (folder / "memory.jsonl.xz").write_bytes(lzma.compress(b'{"table": "cells"}\n'))


@pytest.mark.parametrize(
    "harm, told",
    [
        (_another_version, "has export version 2; this program reads version 1"),
        (_cut, "trials-mlp.jsonl.xz' is damaged.*check out the whole folder again"),
        (_another_row, "memory.jsonl.xz' is damaged: KeyError.'cells'"),
        (lambda folder: (folder / "meta.json").write_text("{"), "meta.json' is damaged"),
        (lambda folder: (folder / "runs.jsonl.xz").unlink(), "runs.jsonl.xz' is missing, although meta.json"),
        (lambda folder: (folder / "peers.json.xz").write_bytes(b"x"), "peers.json.xz' is damaged"),
    ],
)
def test_a_damaged_export_is_named_and_nothing_is_imported(harm, told, copy):
    harm(copy / "export")
    with pytest.raises(StudyError, match=told):
        restore(copy)
    assert [path.name for path in copy.iterdir()] == ["export"]


def run(*arguments):
    return subprocess.run([STUDY, *map(str, arguments)], capture_output=True, text=True)


@pytest.mark.parametrize("command", [("claims", "--claim", "C27,C09"), ("status",)], ids=lambda c: c[0])
def test_commands_read_an_export_as_they_read_the_store(command, whole, copy, capsys):
    told = []
    for folder in (whole, copy):
        assert main([command[0], str(folder), *command[1:]]) == 0
        told.append(capsys.readouterr().out)
    assert told[0] == told[1]


@pytest.mark.parametrize(
    "command, part",
    [
        ("export", "it has no store.sqlite and no export/meta.json"),
        ("import", "no export in"),
        ("report", "it has no store.sqlite and no export/meta.json"),
    ],
)
def test_a_folder_without_results_is_named(command, part, tmp_path):
    done = run(command, tmp_path / "nowhere")
    assert done.returncode == 1 and part in done.stderr and "nowhere" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["export", "import", "report"])
def test_help_has_examples(command):
    done = run(command, "--help")
    assert done.returncode == 0 and f"./scripts/study {command} re" in done.stdout


def test_pngs_are_drawn_on_request_and_removed_when_they_would_be_stale(tmp_path):
    fill(tmp_path, parts=("memory",))
    write_report(tmp_path, png=True)
    assert (tmp_path / "figures" / "memory.png").read_bytes().startswith(b"\x89PNG")
    write_report(tmp_path)
    assert not list(tmp_path.rglob("*.png"))


def test_the_committed_report_is_drawn_from_its_export(tmp_path):
    if not exported.has_export(STANDARD):
        pytest.skip("reports/standard has no export yet: its results are of before there were exports")
    shutil.copytree(STANDARD / "export", tmp_path / "export")
    write_report(tmp_path)
    for name in ("report.md", "report.html"):
        assert (tmp_path / name).read_bytes() == (STANDARD / name).read_bytes(), name
    assert files(tmp_path / "figures") == files(STANDARD / "figures")
