"""Predictions: what they are computed from, that they are written before the rounds, and that they
stay."""

import random
import shutil
import sqlite3
import time
from dataclasses import replace

import pytest
from made_up import MACHINE, SERIAL_BELOW, step_samples

from steplab_study.benchmarks import fusing_ladder, predictions
from steplab_study.benchmarks.predictions import BANDWIDTH, DIVISION, Model
from steplab_study.evidence import opened
from steplab_study.figures import roofline, speedup_ladder
from steplab_study.protocol.profiles import PROFILES
from steplab_study.report.sections import step_limits
from steplab_study.store.store import FILE_NAME, Store

EMPTY = "step/adam/best/serial/n:100/tensors:1/threads:1"
MEASURED = {
    "ceiling/3rw1r/serial/n:100/threads:1": {"ns_per_parameter": 0.2},
    "ceiling/3rw1r/serial/n:1000/threads:1": {"ns_per_parameter": 0.1},
    "ceiling/3rw1r/tbb/n:50000/threads:4": {"ns_per_parameter": 0.1},
    "ceiling/3rw1r/serial/n:50000/threads:1": {"ns_per_parameter": 0.5},
    "limit/adam/n:1024": {"ns_per_parameter": 0.3},
    EMPTY: {"ns_per_parameter": 1.3, "bytes_per_parameter": 28},
    "baseline/passes/adam/n:100/threads:1": {
        "ns_per_parameter": 5.0,
        "bytes_per_parameter": 120,
        "fetched_bytes_per_parameter": 20,
    },
}


@pytest.fixture
def store(tmp_path):
    opened_store = Store.open(tmp_path)
    yield opened_store
    opened_store.close()


def predicted(name):
    return Model(MEASURED, SERIAL_BELOW).predict([name]).get(name)


def test_the_tighter_limit_and_the_fixed_cost_are_added():
    found = predicted("step/adam/scalar/serial/n:1000/tensors:1/threads:1")
    assert found == {"ns": pytest.approx(0.3 + (1.3 - 0.3) * 100 / 1000), "limit": DIVISION}
    found = predicted("step/adam/scalar/serial/n:50000/tensors:7/threads:1")
    assert found == {"ns": pytest.approx(0.5 + 100 / 50000), "limit": BANDWIDTH}


def test_divisions_are_shared_by_the_threads_that_run():
    found = predicted("step/adam/best/tbb/n:50000/tensors:1/threads:4")
    assert found == {"ns": pytest.approx(0.1 + 100 / 50000), "limit": BANDWIDTH}
    alone = Model(MEASURED, {"adam": 50001}).predict(["step/adam/best/tbb/n:50000/tensors:1/threads:4"])
    assert [p["limit"] for p in alone.values()] == [DIVISION]


def test_a_form_before_fusing_takes_its_counted_bytes():
    found = predicted("baseline/passes/adam/n:50000/threads:1")
    fixed = 100 * (5.0 - 0.2 * 140 / 28)
    assert found == {"ns": pytest.approx(0.5 * 140 / 28 + fixed / 50000), "limit": BANDWIDTH}


@pytest.mark.parametrize(
    "name",
    [
        EMPTY,  # it was measured in the pass
        "step/adam/best/serial/n:77/tensors:1/threads:1",  # no ceiling
        "step/sgd/best/serial/n:1000/tensors:1/threads:1",  # its shape is not known
        "baseline/temporaries/adam/n:1000/threads:1",  # its bytes are not known
        "ceiling/3rw1r/serial/n:1000/threads:1",
    ],
)
def test_nothing_is_guessed(name):
    assert predicted(name) is None


def test_the_pass_needs_ceilings_limits_and_steps_of_100_parameters():
    steps = [
        "ceiling/3rw1r/serial/n:1000/threads:1/cold",
        f"{EMPTY}/again",
        "step/adam/best/serial/n:1000/tensors:1/threads:1",
        "step/adam/x/serial/n:100/tensors:1/threads:1",
    ]
    assert set(predictions.needed([*MEASURED, *steps], "best")) == set(MEASURED)
    assert predictions.needed([EMPTY, *steps], "best") == []


def test_a_prediction_is_kept_as_it_was_first_written(store):
    first = predictions.freeze(
        store, "k", ["step/adam/best/serial/n:1000/tensors:1/threads:1"], MEASURED, {"adam": 0}
    )
    slower = {name: {**s, "ns_per_parameter": 9 * s["ns_per_parameter"]} for name, s in MEASURED.items()}
    assert predictions.freeze(store, "k", list(first["predicted"]), slower, {"adam": 0}) == first
    assert predictions.read(store, "k") == first["predicted"]


def test_a_prediction_written_after_a_round_is_not_shown(store):
    store.add_batch("k", 0, "bench_step", {}, {}, [])
    kept = predictions.freeze(
        store, "k", ["step/adam/best/serial/n:1000/tensors:1/threads:1"], MEASURED, {"adam": 0}
    )
    assert kept["rounds_before"] == 1 and kept["predicted"]
    assert predictions.read(store, "k") == {}


def test_a_store_without_predictions_reads_as_not_predicted(store):
    assert predictions.read(store, "k") == {} and predictions.read(store, None) == {}


def test_predictions_are_older_than_every_round_they_are_about(complete):
    found = Store.read(complete)
    key = "b" * 64
    kept = found.frozen(f"predicted times of {key}")
    rounds = [b["finished"] for b in found.batches() if b["key"] == key]
    found.close()
    assert kept["rounds_before"] == 0 and len(rounds) == 9
    assert kept["written"] < min(rounds) <= time.time()


def test_a_run_measures_limits_alone_and_then_its_rounds(store, monkeypatch, tmp_path):
    """The order of processes: what a real run asks of the benchmark program."""
    samples, asked = dict(step_samples(random.Random(1))), []

    def measure(path, settings, profile, title):
        asked.append((settings["filter"], store.frozen(f"predicted times of {key}") is not None))
        entries = [{"name": n, "run_type": "iteration", **s} for n, s in samples.items() if "error" not in s]
        return {
            "context": {"serial_below": ", ".join(f"{o} {n}" for o, n in SERIAL_BELOW.items())},
            "benchmarks": entries,
        }, {}

    profile = replace(PROFILES["quick"], rounds=2)
    monkeypatch.setattr(predictions.rounds, "measure", measure)
    monkeypatch.setattr(predictions.rounds, "list_cells", lambda *_: [f"{n}/process_time" for n in samples])
    monkeypatch.setattr(predictions.rounds.machines, "digest", lambda _: "d")
    settings = predictions.rounds.settings_of("bench_step", "p", profile, MACHINE)
    key = predictions.key_of(settings)
    for _ in range(2):  # the second time there is nothing to do
        predictions.run_step(store, {"bench_step": "p"}, profile, MACHINE)
    assert [frozen for _, frozen in asked] == [False, True, True]
    assert "ceiling/" in asked[0][0] and "n:1024/tensors" not in asked[0][0] and asked[1][0] == ""
    assert len(predictions.read(store, key)) > 50


def test_the_report_holds_prediction_and_share_of_every_cell(complete):
    text = (complete / "report.md").read_text()
    assert "measured / predicted" in text and "Measured over predicted time, in L1" in text
    with opened(complete) as evidence:
        kept = predictions.read(evidence.store, evidence.benchmarks.batch)
        for cell in evidence.benchmarks.step_cells:
            if cell.n != predictions.EMPTY:
                assert cell.time.value / kept[cell.id]["ns"] > 0.9, "made-up steps are above their limits"


def test_the_share_of_minima_takes_the_least_of_all_rounds(complete):
    with opened(complete) as evidence:
        results = evidence.benchmarks
        cell = results.best("adamw", 1024)
        share = step_limits.share_of_minima(results, cell)
        assert share == pytest.approx(min(results.limit(cell).samples) / min(cell.samples))
        cell = results.best("sgd", 1024)
        share = step_limits.share_of_minima(results, cell)
        assert share == pytest.approx(min(results.ceiling(cell).samples) / min(cell.samples))


def test_a_store_without_predictions_is_reported_as_not_predicted(complete, tmp_path):
    shutil.copy(complete / FILE_NAME, tmp_path)
    with sqlite3.connect(tmp_path / FILE_NAME) as raw:
        raw.execute("DELETE FROM frozen WHERE name LIKE 'predicted times%'")
    raw.close()
    with opened(tmp_path) as evidence:
        told = [line for b in step_limits.build(evidence).blocks if b.kind == "items" for line in b.items]
    assert any(line.startswith("Not predicted") for line in told)


# ---- ladder and roofline -------------------------------------------------------------------------------
def test_a_ladder_climbs_from_temporaries_and_predicts_from_bytes(complete):
    with opened(complete) as evidence:
        found = fusing_ladder.ladders(evidence.benchmarks)
        data = speedup_ladder.collect(evidence)
    assert set(found) == {("sgd_momentum", 4194304), ("adamw", 4194304)}
    for ladder in found.values():
        assert [r["label"] for r in ladder] == list(fusing_ladder.LABELS)
        assert ladder[0]["speedup"].value == 1 and ladder[0]["predicted"] == 1
        assert ladder[1]["predicted"] == pytest.approx(5 / 4)  # bytes of temporaries over those of passes
        assert ladder[4]["predicted"] == pytest.approx(5, rel=0.05)
    assert len(data["ladders"]) == 2


def test_a_point_of_the_roofline_is_operations_over_bytes_and_below_its_roofs(complete):
    with opened(complete) as evidence:
        data = roofline.collect(evidence)
    assert set(data["threads"]) == {"1", "2"}
    for content in data["threads"].values():
        for point in content["points"]:
            streams = {"sgd": 1, "sgd_momentum": 2, "adam_amsgrad": 4}.get(point["optimizer"], 3)
            assert point["x"] == pytest.approx((4 * streams - 2) / (8 * streams + 4))
            assert point["value"] <= 1.02 * content["bandwidth"][point["level"]] * point["x"]
            assert (point["division"] is None) == (streams < 3)
