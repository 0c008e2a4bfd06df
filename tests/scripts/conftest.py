"""The package under test and a store of made-up results."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(Path(__file__).parent)]


@pytest.fixture(scope="session")
def complete(tmp_path_factory):
    """A folder with every part's results and its report."""
    from made_up import fill
    from steplab_study.report.write import write_report

    directory = tmp_path_factory.mktemp("complete")
    fill(directory)
    write_report(directory)
    return directory
