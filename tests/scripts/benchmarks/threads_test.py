"""Many tensors, subnormals and threads: what figures, tables and sentences say of made-up cells."""

import math
from types import SimpleNamespace

import pytest

from steplab_study.benchmarks import threads
from steplab_study.benchmarks.cell import Cell
from steplab_study.evidence import opened
from steplab_study.figures import fragmentation, scaling, subnormals
from steplab_study.figures.style import pyplot
from steplab_study.report.sections import tensors
from steplab_study.statistics.intervals import median_paired_ratio


@pytest.fixture(scope="module")
def evidence(complete):
    with opened(complete) as found:
        yield found


def cell(times, polluted=None):
    """A cell with {round: ns per parameter}, some of them taken while time was stolen."""
    found = Cell("x", 1)
    clean = [(number, {"ns_per_parameter": ns}) for number, ns in times.items()]
    stolen = {"steal_seconds": 0.1}
    found.taken = clean + [(n, {"ns_per_parameter": ns, **stolen}) for n, ns in (polluted or {}).items()]
    found.settle()
    return found


def test_rounds_are_paired_so_that_a_load_that_both_share_drops_out():
    flat, many = {0: 1.0, 1: 10.0, 2: 3.0}, {0: 2.0, 1: 20.0, 2: 6.0}
    found = median_paired_ratio(many, flat)
    assert (found.value, found.low, found.high) == (2.0, 2.0, 2.0)


def test_a_polluted_sample_of_either_drops_its_pair():
    many, flat = cell({0: 2.0, 2: 4.0, 3: 4.0}, {1: 99.0}), cell({0: 1.0, 1: 1.0, 3: 1.0}, {2: 50.0})
    assert len(many.polluted) == 1 and len(flat.polluted) == 1
    found = median_paired_ratio(many.by_round, flat.by_round)
    assert (found.count, found.value) == (2, 3.0)  # rounds 0 and 3


def test_polluted_samples_that_are_kept_keep_their_rounds():
    found = cell({4: 1.0}, {2: 5.0, 3: 6.0})
    assert not found.polluted
    assert found.by_round == {4: 1.0, 2: 5.0, 3: 6.0}


def test_without_a_round_in_common_there_is_no_ratio():
    assert median_paired_ratio({0: 1.0}, {1: 1.0}) is None


def test_placements_are_told_apart_each_against_its_own_flat_tensor(evidence):
    bars = {b["placement"]: b for b in fragmentation.collect(evidence)["bars"] if b["optimizer"] == "adamw"}
    assert list(bars) == ["owned", "borrowed", "scattered", "owned,\nmoving"]
    assert bars["scattered"]["extra"][0] == pytest.approx(60, rel=0.2)
    assert bars["owned,\nmoving"]["extra"][0] == pytest.approx(25, rel=0.2)
    assert bars["owned,\nmoving"]["set_gradient"] == pytest.approx(5, rel=0.05)
    assert bars["owned"]["set_gradient"] is None


def test_special_cells_are_not_taken_for_plain_ones(evidence):
    assert any(c.rest for c in evidence.benchmarks.steps.values())
    assert not any(c.rest for c in evidence.benchmarks.step_cells)


def test_the_oversubscribed_point_is_marked_and_last(evidence):
    line = next(
        x for x in scaling.collect(evidence)["lines"] if x["optimizer"] == "adamw" and x["n"] == 262144
    )
    assert [(p["threads"], p["oversubscribed"]) for p in line["points"]] == [
        (1, False),
        (2, False),
        (4, True),
    ]
    assert line["points"][0]["speed_up"] == [1.0, 1.0, 1.0]


def test_scaling_is_drawn_without_ceilings_too(evidence):
    data = scaling.collect(evidence)
    for line in data["lines"]:
        line["points"] = [{**p, "share": None} for p in line["points"]]
    pyplot.close(scaling.draw(data))


def test_decay_lines_have_their_mode_and_what_flushing_changed(evidence):
    lines = subnormals.collect(evidence)["lines"]
    modes = {(x["kernel"], x["mode"]): [p["steps"] for p in x["points"]] for x in lines}
    assert modes[("xsimd-avx2", "keep")] == [0, 900, 90000]
    (told,) = tensors._changed({"lines": lines})
    assert told == "AdamW: m at 900, parameters never"


def test_a_crossing_lies_between_sizes_on_log_axes():
    assert threads.crossing({1000: 2.0, 4000: 0.5}) == pytest.approx(2000)
    assert threads.crossing({1000: 0.9, 2000: 1.1, 4000: 1 / 1.1}) == pytest.approx(2000 * math.sqrt(2))


def test_no_crossing_where_threads_always_or_never_pay():
    assert threads.crossing({1000: 0.9, 2000: 0.8}) is None
    assert threads.crossing({1000: 2.0, 2000: 1.0}) is None


def test_crossovers_are_read_back_with_the_library_s_own_bound(evidence):
    (found,) = threads.crossovers(evidence.benchmarks)
    assert found["crossing"].low <= found["crossing"].value <= found["crossing"].high
    assert found["crossing"].value == pytest.approx(4096, rel=0.05)  # 2 × at 1024, ½ at 16384
    assert found["bytes"] == pytest.approx(16 * found["crossing"].value)
    assert found["serial_below"] == 16384


def test_partitioners_are_compared_with_static_blocks_of_16384(evidence):
    rows = {(r["partitioner"], r["block"]): r["ratio"].value for r in threads.dealing(evidence.benchmarks)}
    assert rows[("static", 16384)] == 1.0
    assert rows[("simple", 4096)] == pytest.approx(7 / 6, rel=0.05)


def test_the_section_has_all_three_parts(evidence):
    kinds = [(b.kind, getattr(b, "text", getattr(b, "name", ""))) for b in tensors.build(evidence).blocks]
    headings = [text for kind, text in kinds if kind == "heading"]
    assert headings == ["Many tensors", "Subnormals", "Threads"]
    assert [name for kind, name in kinds if kind == "figure"] == list(tensors.FIGURES)


def test_without_step_cells_the_section_says_how_to_get_them():
    empty = SimpleNamespace(benchmarks=SimpleNamespace(step_cells=[]))
    assert "--only step" in tensors.build(empty).blocks[0].text
