"""The table of extras: inside a step and apart from it, against the bare step of the same round."""

import pytest

from steplab_study.evidence import opened
from steplab_study.report.sections import extras


@pytest.fixture(scope="module")
def section(complete):
    with opened(complete) as found:
        return extras.build(found)


def test_a_form_needs_its_twin_apart_and_the_bare_step(section):
    table = next(b for b in section.blocks if b.kind == "table")
    assert [row[4] for row in table.rows] == ["zeroing", "finite check, unscaling, clipping, zeroing"]


def test_ratios_are_those_to_the_bare_step(section):
    table = next(b for b in section.blocks if b.kind == "table")
    inside, apart = (float(cell.split()[0]) for cell in table.rows[1][6:])
    assert inside == pytest.approx(1.3, rel=0.1) and apart == pytest.approx(2.2, rel=0.1)
    assert float(table.rows[1][5]) == pytest.approx(36 / 28, rel=0.01)


def test_the_sentence_compares_inside_with_apart(section):
    told = " ".join(b.text for b in section.blocks if b.kind == "text")
    assert "inside it" in told and "apart from it" in told
