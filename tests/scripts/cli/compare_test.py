"""`study compare` from names to exit code: folders of made-up results, and two made-up programs in
turns."""

import json
import random

import pytest

from made_up import MACHINE, fill, step_samples
from steplab_study.cli import main
from steplab_study.compare import rounds as compare_rounds, sides as compare_sides
from steplab_study.errors import UsageError
from steplab_study.store.store import Store


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """The same study twice, the second with steps that take a fifth longer."""
    made = []
    for name, slower in (("before", 1.0), ("after", 1.2)):
        made.append(tmp_path_factory.mktemp(name))
        fill(made[-1], parts=("step",), slower=slower)
    return [str(folder) for folder in made]


def _json(capsys, *arguments):
    code = main.main(["compare", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_folder_is_not_slower_than_itself(folders, capsys):
    code, found = _json(capsys, folders[0], folders[0], "--fail-on-slower")
    assert code == 0
    assert {cell["verdict"] for cell in found["cells"]} == {"same"}


def test_slower_steps_are_slower_and_fail_only_where_that_was_asked_for(folders, capsys):
    code, found = _json(capsys, *folders, "--filter", "^step/.*n:[0-9]{4,}/tensors:1/threads:[0-9]+$")
    assert code == 0
    assert {cell["verdict"] for cell in found["cells"]} == {"slower"}
    assert all(cell["ratio"] == pytest.approx(1.2, rel=0.02) for cell in found["cells"])
    assert main.main(["compare", *folders, "--fail-on-slower"]) == 1
    assert main.main(["compare", *folders[::-1], "--fail-on-slower"]) == 0
    assert "faster" in capsys.readouterr().out


def test_ceilings_and_limits_are_not_compared_and_a_failed_cell_is_named(folders, capsys):
    _, found = _json(capsys, *folders)
    assert all(cell["id"].startswith("step/") for cell in found["cells"])
    assert list(found["failed_in_a"]) == ["step/adam/broken/serial/n:1024/tensors:1/threads:1"]


def test_the_filter_chooses_cells(folders, capsys):
    _, found = _json(capsys, *folders, "--filter", "adamw/scalar")
    assert found["cells"] and all("adamw/scalar" in cell["id"] for cell in found["cells"])


def test_markdown_has_a_row_for_each_cell_and_the_summary(folders, tmp_path, capsys):
    assert (
        main.main(["compare", *folders, "--filter", "sgd/scalar", "--markdown", str(tmp_path / "c.md")]) == 0
    )
    lines = (tmp_path / "c.md").read_text().splitlines()
    assert sum(line.startswith("| slower |") for line in lines) == 5
    assert "5 cells: 0 faster, 5 slower" in lines[2]


def test_another_processor_is_said_and_decides_nothing(folders, tmp_path, capsys):
    store = Store.open(tmp_path)
    store.begin_run("quick", ("step",), {}, {**MACHINE, "cpu": "Another CPU"})
    for number in range(9):
        samples = list(step_samples(random.Random(number), 3.0))
        store.add_batch("b" * 64, number, "bench_step", {}, {}, samples)
    store.close()
    _, found = _json(capsys, folders[0], str(tmp_path))
    assert {cell["verdict"] for cell in found["cells"]} == {"undecided"}
    assert any("Made-up CPU" in warning and "Another CPU" in warning for warning in found["warnings"])


def test_cells_of_one_side_alone_are_listed(tmp_path, capsys):
    sides = [compare_sides.Side(name, "commit") for name in "AB"]
    sample = {"ns_per_parameter": 1.0, "cpu_time": 1, "real_time": 1}
    sides[0].take([("step/x", sample), ("step/y", sample)])
    sides[1].take([("step/y", sample), ("step/z", sample)])
    from steplab_study.compare.comparison import compared
    from steplab_study.compare.text import text_lines

    lines = list(text_lines(compared(sides)))
    assert "Only A has step/x." in lines and "Only B has step/z." in lines


def test_polluted_samples_are_dropped_and_counted():
    clean = {"ns_per_parameter": 1.0, "cpu_time": 1, "real_time": 1}
    stolen = {**clean, "ns_per_parameter": 9.0, "steal_seconds": 0.1}
    side = compare_sides.Side("A", "commit").take([("step/x", s) for s in (clean, stolen, clean)])
    assert side.samples == {"step/x": [1.0, 1.0]}
    assert side.dropped == {"step/x": 1}


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["no-such-commit", "HEAD"], "'no-such-commit' is neither a results folder"),
        (["--rounds", "4", "HEAD", "HEAD"], "--rounds must be at least 5, got 4"),
        (["--filter", "(", "HEAD", "HEAD"], "--filter '(' is not a regular expression"),
        (["--min-effect", "-1", "HEAD", "HEAD"], "--min-effect must be finite and not negative, got -1"),
        (["--min-time", "0", "HEAD", "HEAD"], "--min-time must be finite and above 0, got 0"),
    ],
)
def test_wrong_usage_names_the_value(arguments, said, capsys):
    assert main.main(["compare", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_folder_and_a_commit_are_no_pair(folders, monkeypatch):
    monkeypatch.setattr(compare_sides, "commit_of", lambda name: "c" * 40 if name == "HEAD" else None)
    with pytest.raises(UsageError, match="give two of a kind"):
        compare_sides.kinds_of((folders[0], "HEAD"))
    monkeypatch.setattr(compare_sides, "commit_of", lambda name: "c" * 40)
    assert compare_sides.kinds_of(folders) == "folder"  # a name that is both


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Two programs whose processes are recorded; B takes twice as long."""
    paths = [tmp_path / "a", tmp_path / "b"]
    for path in paths:
        path.write_text(path.name)
    ran = []

    def measure(path, settings, profile, title):
        ran.append(path.name)
        if len(ran) == programs_of["stop_at"]:
            raise KeyboardInterrupt
        time = 1.0 if path.name == "a" else 2.0
        return {"benchmarks": [{"name": "step/x", "ns_per_parameter": time}]}, {}

    programs_of = {"stop_at": None, "ran": ran, "paths": paths}
    monkeypatch.setattr(compare_rounds, "measure", measure)
    monkeypatch.setattr(compare_rounds, "list_cells", lambda *_: ["step/x"])
    return programs_of


def _run(programs, rounds, cache):
    from steplab_study.protocol.profiles import profile_named

    return compare_rounds.run(programs["paths"], profile_named("smoke"), {"cpu": "c"}, rounds, cache)


def test_both_sides_run_in_every_round_and_take_turns_in_going_first(programs, tmp_path):
    a, b = _run(programs, 6, tmp_path)
    rounds = ["".join(pair) for pair in zip(programs["ran"][::2], programs["ran"][1::2])]
    assert all({rounds[i], rounds[i + 1]} == {"ab", "ba"} for i in (0, 2, 4))
    assert [s["ns_per_parameter"] for _, s in a] == [1.0] * 6
    assert [s["ns_per_parameter"] for _, s in b] == [2.0] * 6


def test_an_interrupted_comparison_keeps_its_finished_rounds(programs, tmp_path):
    programs["stop_at"] = 6
    with pytest.raises(KeyboardInterrupt):
        _run(programs, 6, tmp_path)
    programs["stop_at"] = None
    programs["ran"].clear()
    a, b = _run(programs, 6, tmp_path)
    assert len(programs["ran"]) == 8  # rounds 3 to 6 alone
    assert len(a) == len(b) == 6


def test_another_program_shares_no_rounds(programs, tmp_path):
    _run(programs, 5, tmp_path)
    programs["ran"].clear()
    programs["paths"][1].write_text("built anew")
    _run(programs, 5, tmp_path)
    assert len(programs["ran"]) == 10
