"""The report as a browser shows it: on a phone and on a desktop, dark and light."""

import re

import chromium
import pytest

MISSING = "Chromium is not installed: scripts/setup --all"
pytestmark = pytest.mark.skipif(chromium.PROGRAM is None, reason=MISSING)
SCHEMES = {"light": False, "dark": True}


@pytest.fixture(scope="module", params=SCHEMES)
def seen(request, complete, tmp_path_factory):
    """(scheme, measures by width, console)"""
    page = (complete / "report.html").read_text()
    measures, console = chromium.look(page, tmp_path_factory.mktemp("look"), SCHEMES[request.param])
    return request.param, measures, console


def test_every_width_is_measured_in_the_asked_scheme(seen):
    scheme, measures, _ = seen
    assert sorted(measures) == sorted(chromium.WIDTHS)
    assert all(m["inner"] == width and m["dark"] == SCHEMES[scheme] for width, m in measures.items())


def test_the_page_is_never_wider_than_the_window(seen):
    _, measures, _ = seen
    assert [w for w, m in measures.items() if m["content"] > m["client"]] == []


def test_the_console_is_clean(seen):
    assert seen[2] == []


def test_ink_and_paper_follow_the_scheme(seen):
    scheme, measures, _ = seen
    for m in measures.values():
        assert (_brightness(m["ink"]) > _brightness(m["paper"])) == SCHEMES[scheme]


def test_the_ledger_is_cards_on_a_phone_and_a_table_on_a_desktop(seen):
    _, measures, _ = seen
    assert (measures[360]["row"], measures[1280]["row"]) == ("block", "table-row")


def _brightness(colour):
    return sum(map(int, re.findall(r"\d+", colour)[:3]))


def test_a_page_that_overflows_and_complains_is_caught(tmp_path):
    page = (
        '<!DOCTYPE html><html><body><div style="width: 400px">wide</div>'
        '<script>console.error("broken")</script></body></html>'
    )
    measures, console = chromium.look(page, tmp_path, dark=False)
    assert measures[360]["content"] > measures[360]["client"]
    assert measures[1280]["content"] == measures[1280]["client"]
    assert any("broken" in line for line in console)
