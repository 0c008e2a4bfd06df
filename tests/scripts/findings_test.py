"""README's summary is what the committed results say."""

import pytest

from steplab_study import findings
from steplab_study.build import ROOT
from steplab_study.errors import StudyError


def test_readme_says_what_the_committed_results_say():
    text = (ROOT / "README.md").read_text()
    assert findings.with_findings(text, ROOT / findings.folder_in(text)) == text


def test_an_edited_summary_is_found():
    text = (ROOT / "README.md").read_text()
    edited = text.replace("**On the MLP", "**On every MLP", 1)
    assert edited != text
    assert findings.with_findings(edited, ROOT / findings.folder_in(text)) == text


def test_a_text_without_the_block_is_refused():
    with pytest.raises(StudyError, match="no block of findings"):
        findings.folder_in("# steplab\n")
