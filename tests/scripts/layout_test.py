"""The house of steplab_study: every folder answers one question, and imports go one way."""

import ast
import subprocess
import sys

import pytest
from conftest import ROOT

PACKAGE = ROOT / "scripts" / "steplab_study"
ANYONE = {"errors", "progress"}  # may be imported by anyone
MAY_IMPORT = {  # each only what stands above it
    "statistics": "",
    "machine": "",
    "protocol": "",
    "store": "",
    "wording": "statistics",
    "trials": "machine protocol",
    "engine": "machine store",
    "benchmarks": "machine statistics store",
    "tuning": "engine protocol statistics trials",
    "rankings": "protocol statistics trials",
    "peers": "engine machine statistics store wording",
    "compare": "benchmarks machine statistics store wording",
    "studies": "engine protocol statistics store trials tuning",
    "claims": "protocol rankings statistics studies tuning wording",
    "figures": "benchmarks peers rankings statistics studies tuning wording",
    "evidence": "benchmarks claims engine peers rankings store studies trials",
    "report": "benchmarks claims evidence figures peers protocol rankings statistics studies wording",
    "robustness": "report wording",
    "cli": "benchmarks claims compare engine evidence machine peers protocol report robustness store studies"
    " trials wording",
    "__main__": "cli",
}
MOST_MODULES = 15
COLLECTIONS = {"studies", "figures", "claims", "sections"}  # one file a thing, however many things


def room_of(path):
    """The folder of a module; a module at the package's root is a room of its own."""
    inside = path.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imported(path):
    """The rooms that a module imports, wherever in its text."""
    folder = path.relative_to(PACKAGE).parent.parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            above = folder[: len(folder) - node.level + 1]
            whole = [*above, *(node.module.split(".") if node.module else ())]
            yield from whole[:1] or (alias.name for alias in node.names)


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")
FOLDERS = sorted({path.parent for path in MODULES} - {PACKAGE})


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_what_its_folder_may(path):
    room = room_of(path)
    allowed = set() if room in ANYONE else {*MAY_IMPORT[room].split(), *ANYONE, room}
    assert set(imported(path)) <= allowed


def test_imports_go_one_way():
    rooms = list(MAY_IMPORT)
    for room, others in MAY_IMPORT.items():
        assert set(others.split()) <= set(rooms[: rooms.index(room)]), room


def test_what_is_allowed_is_used():
    used = {room: set() for room in MAY_IMPORT}
    for path in MODULES:
        used.setdefault(room_of(path), set()).update(imported(path))
    assert {room: set(others.split()) - used[room] for room, others in MAY_IMPORT.items()} == {
        room: set() for room in MAY_IMPORT
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_folder_asks_its_question_and_can_be_overlooked(folder):
    assert "?" in ast.get_docstring(ast.parse((folder / "__init__.py").read_text())).split("\n\n")[0]
    count = sum(path.name != "__init__.py" for path in folder.glob("*.py"))
    assert count <= MOST_MODULES or folder.name in COLLECTIONS


def test_tests_mirror_the_folders():
    ours = ROOT / "tests" / "scripts"
    folders = {path.parent.relative_to(ours) for path in ours.rglob("*_test.py")} - {ours.relative_to(ours)}
    assert folders <= {folder.relative_to(PACKAGE) for folder in FOLDERS}


@pytest.mark.parametrize(
    "module, unwanted",
    [
        ("wording.numbers", {"matplotlib"}),
        ("wording.labels", {"matplotlib", "numpy"}),
        ("cli.main", {"matplotlib", "numpy", "tqdm", "jinja2"}),  # may be among what is to be installed
    ],
)
def test_what_a_module_must_not_load(module, unwanted):
    code = f"import sys, steplab_study.{module}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-B", "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True
    )
    assert not unwanted & set(done.stdout.split())
