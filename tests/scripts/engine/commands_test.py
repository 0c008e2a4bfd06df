"""What stands beside steplab: the section's words come from ratios, and a missing PyTorch is said."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from steplab_study.engine import commands
from steplab_study.errors import StudyError
from steplab_study.figures import numpy_form as figure
from steplab_study.machine import peers_python
from steplab_study.report.sections import peers as section
from steplab_study.studies.numpy_form import FUSED, NUMPY, STEPLAB, TORCH

ROOT = Path(__file__).resolve().parents[3]


def forms(torch=True):
    labels = {NUMPY: 42.0, STEPLAB: 1.0} | ({TORCH: 20.0, FUSED: 4.0} if torch else {})
    seconds = {
        label: {
            t: {n: [slow * int(n) * 1e-9 * (1 + 0.01 * k) for k in range(5)] for n in ("100", "1000")}
            for t in (("1",) if label == NUMPY else ("1", "2"))
        }
        for label, slow in labels.items()
    }
    return {"sizes": [100, 1000], "versions": {label: "1.2" for label in labels}, "seconds": seconds}


def steps(ours, theirs):
    seconds = {"steplab": [ours] * 3, TORCH: [theirs] * 3, FUSED: [theirs * 0.9] * 3}
    return {"parameters": dict.fromkeys(seconds, 109386), "seconds": seconds}


def evidence(outcome=None, models=None, torch=True):
    return SimpleNamespace(
        outcome=lambda name: outcome,
        outcomes=lambda name: models or {},
        context=SimpleNamespace(peers={"torch": "1.2"} if torch else {}),
        ledger=[],
        benchmarks=SimpleNamespace(smallest_difference=lambda: None),
    )


def told(found):
    return "\n".join(b.text for b in section.build(found).blocks if b.kind == "text")


def test_the_sentences_have_the_ratios():
    text = told(evidence(forms(), {"mlp/medium": steps(1e-3, 2e-3), "mlp/small": steps(2e-3, 1e-3)}))
    assert "steplab 1.2 42.0 times" in text and "PyTorch fused 1.2 10.5 times" in text
    assert "with PyTorch's AdamW faster at 1 and slower at 1 of 2 models (0.500 to 2.00 × its time)" in text


def test_tables_have_a_column_for_each_form_and_thread_count():
    tables = [
        b for b in section.build(evidence(forms(), {"mlp/medium": steps(1, 2)})).blocks if b.kind == "table"
    ]
    assert tables[0].headers[:3] == ("parameters", "NumPy's step", "steplab, 1 thread")
    assert all(len(row) == len(table.headers) for table in tables for row in table.rows)
    assert tables[1].rows[0][:3] == ("mlp/medium", "109 386", "1 s [1 s, 1 s]")


def test_without_pytorch_the_report_says_how_to_have_it():
    assert "scripts/setup --peers" in told(evidence(forms(torch=False), torch=False))
    assert "was not run" in told(evidence())


def test_the_figure_is_drawn_with_and_without_pytorch():
    for torch in (True, False):
        data = figure.collect(evidence(forms(torch)))
        assert data["claimed"] == [10, 50]
        assert len(figure.draw(data).axes) == 2
    assert figure.collect(evidence()) is None


def test_no_interpreter_is_no_peer(tmp_path):
    assert peers_python.versions(tmp_path / "python") == {}
    fake = tmp_path / "python"
    fake.write_text("#!/bin/sh\necho 2.4.0\n")
    fake.chmod(0o755)
    assert peers_python.versions(fake) == {"torch": "2.4.0"}


def test_pytorch_that_went_away_is_an_error_with_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr(peers_python, "PYTHON", tmp_path / "python")
    with pytest.raises(StudyError, match="scripts/setup --peers"):
        commands.adam_torch({}, {"sizes": [100], "min_time": 0.01})


def test_numpys_form_is_timed_at_each_size():
    found = commands.adam_numpy({}, {"sizes": [100, 1000], "min_time": 0.001})
    assert set(found["default"]["1"]) == {"100", "1000"} and min(found["default"]["1"].values()) > 0


def test_numpys_form_is_adam():
    """Against the formula in another order of operations: what is timed is the algorithm."""
    code = (
        "import numpy as np; from numpy_adam import Adam\n"
        "a = Adam(1000); p = a.p.astype(float); g = a.g.astype(float)\n"
        "m = v = 0\n"
        "for t in range(1, 6):\n"
        "    a.step(); m = m + .1 * (g - m); v = v + .001 * (g * g - v)\n"
        "    p = p - 1e-3 / (1 - .9**t) * m / (np.sqrt(v / (1 - .999**t)) + 1e-8)\n"
        "assert a.p.dtype == np.float32 and np.abs(a.p - p).max() < 1e-6, np.abs(a.p - p).max()"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "bench" / "baselines")}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
