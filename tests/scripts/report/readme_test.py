"""README's summary is what the committed results say."""

import pytest

from steplab_study.errors import StudyError
from steplab_study.machine.build import ROOT
from steplab_study.report import readme


def test_readme_says_what_the_committed_results_say():
    text = (ROOT / "README.md").read_text()
    assert readme.with_findings(text, ROOT / readme.folder_in(text)) == text


TEXT = "# A title\n<!-- findings of results: computed -->\n- whatever\n<!-- /findings -->\nThe end.\n"


def test_an_edited_summary_is_found(complete):
    computed = readme.with_findings(TEXT, complete)
    edited = computed.replace("Adam", "Every optimizer", 1)
    assert edited != computed
    assert readme.with_findings(edited, complete) == computed


def test_the_summary_is_short_and_tells_machine_headline_workloads_costs_and_claims(complete):
    lines = readme.findings(complete).splitlines()
    assert 6 <= len(lines) <= 10 and all(line.startswith("- ") for line in lines)
    text = "\n".join(lines)
    for words in (
        "Made-up CPU",
        "**On the MLP and transformer, Adam, against SGD-M",
        "across 4 workloads",
        "whole training step",
        "claims of the teaching literature",
    ):
        assert words in text


def test_what_stands_around_the_summary_stays(complete):
    computed = readme.with_findings(TEXT, complete)
    assert computed.startswith("# A title\n<!-- findings of results: computed -->\n- **Machine**")
    assert computed.endswith("<!-- /findings -->\nThe end.\n") and "whatever" not in computed


def test_a_text_without_the_block_is_refused():
    with pytest.raises(StudyError, match="no block of findings"):
        readme.folder_in("# steplab\n")
