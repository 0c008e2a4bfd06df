"""The report's memory table: one row a form and size, and a sentence that says whether all counts agree."""

from types import SimpleNamespace

from steplab_study.report.sections import memory

LIBRARY = {
    "optimizer": "adam",
    "form": "fused",
    "n": 10**7,
    "model_state_bytes": 8 * 10**7,
    "accounted_state_bytes": 8 * 10**7,
    "accounted_parameter_bytes": 4 * 10**7,
    "accounted_gradient_bytes": 4 * 10**7,
    "resident_total_growth_bytes": 16 * 10**7,
    "resident_peak_growth_bytes": 16 * 10**7,
    "checkpoint_file_bytes": 12 * 10**7 + 200,
    "checkpoint_header_bytes": 192,
    "largest_mismatch": 0.001,
}
BASELINE = {
    "optimizer": "adam",
    "form": "temporaries",
    "n": 10**7,
    "model_state_bytes": 8 * 10**7,
    "resident_total_growth_bytes": 16 * 10**7,
    "resident_peak_growth_bytes": 28 * 10**7,
    "largest_mismatch": 0.002,
}


def _results(*rows):
    return SimpleNamespace(memory_rows=list(rows))


def test_a_row_has_all_counts_a_parameter_and_the_mismatch():
    library, baseline = memory._table(_results(LIBRARY, BASELINE)).rows
    assert library[1:4] == ("fused", "10 000 000", "16.0")
    assert library[4:] == ("16.00", "16.00", "16.00", "12.0", "12.00", "0.10 %")
    assert baseline[4] == baseline[8] == "–"  # a baseline has neither accounts nor files
    assert baseline[6] == "28.00"


def test_rows_of_older_programs_have_no_mismatch():
    old = {key: value for key, value in LIBRARY.items() if key != "largest_mismatch"}
    assert memory._table(_results(old)).rows[0][-1] == "–"
    assert list(memory._reconciled(_results(old))) == []


def test_the_sentence_names_the_worst_row():
    (text,) = memory._reconciled(_results(LIBRARY, BASELINE))
    assert "reconcile within 1 %" in text
    assert "0.20 % (Adam, temporaries, 10 000 000 parameters; forms: fused and temporaries)" in text


def test_the_sentence_says_when_counts_disagree():
    (text,) = memory._reconciled(_results(LIBRARY, {**BASELINE, "largest_mismatch": 0.02}))
    assert "do not reconcile within 1 %" in text


def test_a_million_parameters_and_fewer_are_not_judged():
    assert list(memory._reconciled(_results({**LIBRARY, "n": 10**6, "largest_mismatch": 0.5}))) == []
