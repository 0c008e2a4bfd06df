"""What stands beside steplab, from made-up rounds: ratios, verdicts, figures to reach, tables and
figures."""

import copy
import json
from types import SimpleNamespace

import made_up_peers
import pytest
from made_up import fill

from steplab_study.evidence import opened
from steplab_study.figures import against as figure, against_python
from steplab_study.figures.style import pyplot
from steplab_study.peers import ratios
from steplab_study.peers.ratios import DROPIN, FASTER, PLAN, SLOWER, UNDECIDED, PeerRatios
from steplab_study.peers.targets import MISSED, NOT_MEASURED, REACHED, targets
from steplab_study.report.sections import against as section
from steplab_study.report.write import write_report
from steplab_study.statistics.intervals import median_paired_ratio

L3 = 32 * 2**20
MADE_UP = made_up_peers.results()


@pytest.fixture(scope="module", autouse=True)
def intervals_drawn_once():
    """Most cells are the same in all tests; their intervals need not be drawn again."""
    known = {}

    def remembered(numerator, denominator):
        key = (*numerator.items(), None, *denominator.items())
        if key not in known:
            known[key] = median_paired_ratio(numerator, denominator)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ratios, "median_paired_ratio", remembered)
        yield


@pytest.fixture(scope="module")
def comparison():
    return PeerRatios(MADE_UP)


def evidence(comparison):
    caches = [{"level": 2, "bytes": 2**20}, {"level": 3, "bytes": L3}]
    return SimpleNamespace(peer_ratios=comparison, benchmarks=SimpleNamespace(caches=caches))


def ratio(comparison, rule, name, threads, peer, base=PLAN):
    key = (rule, name, threads, peer)
    return next((r for r in comparison.ratios(base) if r.key == key), None)


def with_ratio(peer, value, where=lambda cell: True):
    """The made-up results, in which a peer takes `value` × the plan's seconds of each round."""
    found = copy.deepcopy(MADE_UP)
    plan = {(c["rule"], c["list"], c["threads"]): c["seconds"] for c in found["cells"] if c["peer"] == PLAN}
    for cell in found["cells"]:
        if cell["peer"] == peer and where(cell):
            cell["seconds"] = [value * s for s in plan[cell["rule"], cell["list"], cell["threads"]]]
    return found


def target(results, start, floor=0.0, l3_bytes=L3):
    return next(t for t in targets(PeerRatios(results, floor), l3_bytes) if t.sentence.startswith(start))


def blocks(results, kind):
    return [b for b in section.build(evidence(PeerRatios(results))).blocks if b.kind == kind]


def told(results):
    lines = [b.text for b in blocks(results, "text")]
    return "\n".join(lines + [item for b in blocks(results, "items") for item in b.items])


# ---- ratios ------------------------------------------------------------------------------------------------
def test_ratios_are_of_the_same_round_and_above_1_where_steplab_is_faster():
    found = ratio(PeerRatios(with_ratio("torch_fused", 1.5)), "adamw", "1024", 1, "torch_fused")
    assert found.found.ends == pytest.approx({"value": 1.5, "low": 1.5, "high": 1.5})
    assert found.word == FASTER


def test_a_round_without_a_sample_drops_out(comparison):
    assert ratio(comparison, "adamw", "1024", 1, "optax").found.count == made_up_peers.ROUNDS - 1


def test_a_peer_that_is_faster_makes_steplab_slower(comparison):
    assert ratio(comparison, *made_up_peers.SLOWER).word == SLOWER


def test_what_lies_within_the_noise_is_undecided():
    results = with_ratio("torch_fused", 1.05)
    assert ratio(PeerRatios(results, 0.1), "adamw", "1024", 1, "torch_fused").word == UNDECIDED
    assert ratio(PeerRatios(results, 0.01), "adamw", "1024", 1, "torch_fused").word == FASTER


def test_what_was_not_offered_or_failed_has_no_ratio(comparison):
    assert ratio(comparison, "sgdm", "1024", 1, "deepspeed") is None
    assert ratio(comparison, *made_up_peers.FAILED) is None
    assert comparison.missing() == [made_up_peers.FAILED]


def test_compiled_variants_are_not_compared_with_the_drop_in(comparison):
    peers = {r.peer for r in comparison.ratios(DROPIN)}
    assert "torch_fused" in peers and "steplab_arrays" in peers
    assert not peers & {PLAN, DROPIN, "steplab_autovec", "steplab_scalar"}


def test_lists_are_single_tensors_by_size_and_then_networks(comparison):
    assert comparison.lists == ["1024", "32768", "1048576", "33554432", "resnet18", "gpt2", "network300"]


# ---- figures to reach --------------------------------------------------------------------------------------
def test_a_cell_where_a_peer_is_ahead_is_named_with_its_interval(comparison):
    found = target(MADE_UP, "Not behind any peer in any cell (C++ plan")
    assert found.word == MISSED and "beside 12 of 13 peers, behind in 1 of " in found.text
    assert "torch compiled, AdamW, GPT-2 of 148 tensors, 2 threads: 0.8" in found.text


def test_not_behind_is_reached_when_the_only_such_cell_is_mended():
    results = with_ratio("torch_compiled", 1.2)
    assert target(results, "Not behind any peer in any cell (C++ plan").word == REACHED


def test_below_1_within_the_noise_is_neither_behind_nor_reached():
    found = target(with_ratio("torch_compiled", 0.97), "Not behind any peer in any cell (C++", floor=0.1)
    assert found.word == UNDECIDED and "less than the 10 %" in found.text


@pytest.mark.parametrize("value, word", [(1.16, REACHED), (1.14, MISSED)])
@pytest.mark.parametrize("peer, name", [("deepspeed", "DeepSpeedCPUAdam"), ("torch_fused", "torch fused")])
def test_beyond_l3_the_figure_is_115_with_one_thread(peer, name, value, word):
    results = with_ratio(peer, value, lambda c: c["threads"] == 1 and c["parameters"] > 1e7)
    assert target(results, f"At least 1.15 × the speed of {name} beyond L3").word == word


def test_beyond_l3_neither_small_lists_nor_more_threads_count():
    results = with_ratio("torch_fused", 1.0, lambda c: c["threads"] == 2 or c["parameters"] < 2e6)
    assert target(results, "At least 1.15 × the speed of torch fused").word == REACHED


def test_without_the_size_of_l3_nothing_is_beyond_it():
    assert target(MADE_UP, "At least 1.15", l3_bytes=None).word == NOT_MEASURED


@pytest.mark.parametrize("value, word", [(3.6, REACHED), (3.4, MISSED)])
def test_on_300_tensors_the_plan_s_figure_is_35(value, word):
    results = with_ratio("torch_fused", value, lambda c: c["list"] == "network300")
    found = target(results, "At least 3.5 × the speed of torch fused")
    assert found.word == word and "in 4 cells (AdamW and SGD-M)" in found.text


def test_through_python_the_drop_in_is_what_counts():
    slow = with_ratio(DROPIN, 2.0, lambda c: c["list"] == "network300")
    assert target(MADE_UP, "At least 2.5 × the speed of torch fused").word == REACHED
    assert target(slow, "At least 2.5 × the speed of torch fused").word == MISSED


@pytest.mark.parametrize("value, word", [(5.1, REACHED), (4.9, MISSED)])
def test_torch_s_default_is_held_to_5_in_every_cell_of_adamw(value, word):
    results = with_ratio("torch_default", value, lambda c: (c["list"], c["threads"]) == ("32768", 2))
    found = target(results, "At least 5 × the speed of torch's default")
    assert found.word == word and "in 14 cells (AdamW)" in found.text
    assert ("less: torch default, AdamW, 32.8 k, 2 threads: 4.90" in found.text) == (word == MISSED)


def test_a_peer_that_is_not_there_leaves_its_figures_not_measured():
    results = made_up_peers.results(without=("deepspeed",))
    words = {t.word for t in targets(PeerRatios(results), L3) if "DeepSpeedCPUAdam" in t.sentence}
    assert words == {NOT_MEASURED}


def test_cells_that_failed_are_not_passed_over():
    results = copy.deepcopy(MADE_UP)
    for cell in results["cells"]:
        if (cell["peer"], cell["rule"], cell["list"]) == ("torch_default", "adamw", "1024"):
            cell |= {"seconds": [], "error": "killed"}
    assert "; 2 more cells failed" in target(results, "At least 5 ×").text


def test_overheads_are_differences_of_the_same_round_a_tensor():
    assert target(MADE_UP, "At most 1 µs of overhead a tensor").word == REACHED
    assert target(with_ratio(DROPIN, 20.0), "At most 1 µs of overhead a tensor").word == MISSED
    found = target(with_ratio(DROPIN, 2.0), "At most 5 µs of overhead for one tensor")
    assert found.word == REACHED and "µs (AdamW, one thread)" in found.text  # as much as the plan's half µs


# ---- the section -------------------------------------------------------------------------------------------
def test_without_peers_json_the_section_says_how_to_have_it():
    (block,) = section.build(evidence(None)).blocks
    assert "./scripts/study peers --out DIR" in block.text


def test_few_rounds_are_said_to_make_rough_intervals():
    assert "rough below 9 rounds" in told(MADE_UP)
    longer = copy.deepcopy(MADE_UP)
    for cell in longer["cells"]:
        cell["seconds"] += cell["seconds"][:2]
    assert "rough below" not in told(longer)


def test_the_summary_counts_what_the_ratios_say(comparison):
    counted = [r for r in comparison.ratios() if r.rule != "adam" and not r.peer.startswith("steplab")]
    assert f"slower in 1 of {len(counted)} comparisons" in told(MADE_UP)


def test_rows_of_ratios_have_a_cell_a_list_and_mark_where_steplab_is_slower():
    adamw = next(b for b in blocks(MADE_UP, "table") if b.caption.startswith("AdamW"))
    assert all(len(row) == len(adamw.headers) for row in adamw.rows)
    (row,) = [r for r in adamw.rows if r[:2] == ("torch compiled", "2")]
    assert [text.startswith("**") for text in row[2:]] == [False] * 5 + [True, False]


def test_memory_has_state_growth_and_version_and_a_dash_where_unknown():
    table = next(b for b in blocks(MADE_UP, "table") if "resident memory" in b.caption)
    rows = {row[0]: row for row in table.rows}
    assert rows["torch default"][1:] == ("1.2", "8.00", "4.00", "8.00", "4.00", "4.00", "4.00")
    assert rows["bitsandbytes 8-bit"][2] == "2.00"
    assert rows["DeepSpeedCPUAdam"][3] == "–" and rows["optax, jit"][5] == "–"


def test_checks_tell_agreement_design_and_error_apart():
    results = copy.deepcopy(MADE_UP)
    wrong = next(c for c in results["checks"] if c["peer"] == "torch_fused" and c["rule"] == "adam")
    wrong |= {"largest_error": 0.5, "agrees": False}
    text = told(results)
    assert "torch default; torch foreach; torch fused, huge pages; torch compiled" in text
    assert "bitsandbytes 8-bit (differs by design: moments of 8 bits)" in text
    assert "**Not in agreement, and not timed in the rules where that is so**: torch fused." in text
    table = next(b for b in blocks(results, "table") if "after five steps" in b.caption)
    rows = {row[:2]: row[2:] for row in table.rows}
    assert rows["torch fused", "Adam"] == ("5.0e-01", "1.0e-05", "does not agree")
    assert rows["DeepSpeedCPUAdam", "SGD-M"][2] == "not offered"


def test_what_could_not_be_measured_stands_with_its_reason():
    rows = next(b for b in blocks(MADE_UP, "table") if b.caption.startswith("What could not")).rows
    assert rows == (
        ("torchao 32-bit", "not installed", "no wheel for this Python"),
        ("DeepSpeedCPUAdam", "not offered", "SGD-M"),
        ("DeepSpeedCPUAdam, huge pages", "not offered", "SGD-M"),
        ("optax, jit", "Adam, GPT-2 of 148 tensors, one thread", "out of memory"),
    )


def test_long_preparation_is_told():
    assert "torch compiled 31.3 s" in told(MADE_UP)
    others = copy.deepcopy(MADE_UP)
    for cell in others["cells"]:
        cell["prepare_seconds"] = 0.3
    assert "No peer's first two steps" in told(others)
    assert "was not measured beside" in told(made_up_peers.results(without=(DROPIN,)))


def test_a_run_that_has_only_begun_is_reported():
    begun = {**MADE_UP, "checks": [], "memory": [], "cells": []}
    text = told(begun)
    assert "in no rounds" in text and "Not measured" in text and "Reached" not in text
    assert figure.collect(evidence(PeerRatios(begun))) is None


# ---- figures -----------------------------------------------------------------------------------------------
def test_the_figures_have_all_peers_that_gave_a_number():
    for module, own in ((figure, [DROPIN, "steplab_arrays"]), (against_python, ["steplab_arrays"])):
        data = module.collect(evidence(PeerRatios(MADE_UP)))
        names = [p["name"] for p in data["peers"]]
        assert names[:4] == ["torch_default", "torch_foreach", "torch_fused", "torch_compiled"]
        assert [name for name in names if name.startswith("steplab")] == own and "torchao_32bit" not in names


def test_rows_are_the_peers_that_offer_the_rule():
    drawn = figure.draw(figure.collect(evidence(PeerRatios(MADE_UP))))
    rows = [[label.get_text() for label in ax.get_yticklabels()] for ax in (drawn.axes[0], drawn.axes[7])]
    assert "DeepSpeedCPUAdam" in rows[0] and "DeepSpeedCPUAdam" not in rows[1]
    pyplot.close(drawn)


def test_no_label_of_the_figure_overlaps_another():
    drawn = figure.draw(figure.collect(evidence(PeerRatios(MADE_UP))))
    drawn.draw_without_rendering()
    renderer = drawn.canvas.get_renderer()
    texts = [drawn._supxlabel]
    for place, ax in enumerate(drawn.axes):
        low, high = ax.get_xlim()
        texts += [ax.title] + [x for x in ax.get_xticklabels() if low <= x.get_position()[0] <= high]
        texts += ax.texts + (ax.get_yticklabels() if place % 7 == 0 else [])
    boxes = [t.get_window_extent(renderer) for t in texts if t.get_text()]
    assert not [(i, j) for i, a in enumerate(boxes) for j, b in enumerate(boxes[:i]) if a.overlaps(b)]
    pyplot.close(drawn)


@pytest.mark.parametrize("threads", [(1,), (1, 2)])
def test_the_figure_is_drawn_with_one_thread_alone_too(threads):
    results = {**MADE_UP, "cells": [c for c in MADE_UP["cells"] if c["threads"] in threads]}
    pyplot.close(figure.draw(figure.collect(evidence(PeerRatios(results)))))


def test_a_folder_with_peers_json_has_it_in_its_report(tmp_path):
    fill(tmp_path, parts=("memory",))
    (tmp_path / "peers.json").write_text(json.dumps(MADE_UP))
    write_report(tmp_path)
    text = (tmp_path / "report.md").read_text().split("## Against what you would use instead")[1]
    assert "(figures/against.svg)" in text and "(figures/against_python.svg)" in text
    assert "None" not in text.split("\n## ")[0]
    with opened(tmp_path) as found:
        points = json.loads((tmp_path / "figures" / "against.json").read_text())["points"]
        left_out = {"steplab_autovec", "steplab_scalar", "torch_fused_huge", "deepspeed_huge"}
        shown = [r for r in found.peer_ratios.ratios() if r.peer not in left_out]
        assert len(points) == len(shown)
