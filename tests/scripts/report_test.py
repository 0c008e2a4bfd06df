"""Figures and report from made-up results: complete, self-contained, and every number from the store."""

import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from made_up import fill

from steplab_study import figures, sections
from steplab_study.figures import style
from steplab_study.report import write_report
from steplab_study.results import Cell, Results, is_polluted
from steplab_study.store import Store
from steplab_study.wording import interval, number, verdict


@pytest.fixture(scope="module")
def results(complete):
    store = Store.read(complete)
    loaded = Results(store)
    store.close()
    return loaded


@pytest.fixture(scope="module")
def html(complete):
    return (complete / "report.html").read_text()


@pytest.fixture(scope="module")
def markdown(complete):
    return (complete / "report.md").read_text()


@pytest.mark.parametrize("figure", figures.ALL, ids=lambda f: f.name)
def test_each_figure_is_drawn_with_its_data(figure, complete):
    stem = complete / "figures" / figure.name
    assert stem.with_suffix(".svg").read_text().lstrip().startswith("<?xml")
    assert stem.with_suffix(".png").read_bytes().startswith(b"\x89PNG")
    assert json.loads(stem.with_suffix(".json").read_text())


def test_each_figure_file_is_registered():
    folder = style.Path(figures.__file__).parent
    files = {p.stem for p in folder.glob("*.py")} - {"__init__", "style", "bars", "targets"}
    assert files == {f.name for f in figures.ALL}


def test_each_section_file_is_registered():
    folder = style.Path(sections.__file__).parent
    assert {p.stem for p in folder.glob("*.py")} - {"__init__", "parts"} == {
        s.__name__.rsplit(".", 1)[1] for s in sections.ALL
    }


@pytest.mark.parametrize("name", ["step_time", "headline"])
def test_a_figure_has_the_same_bytes_when_drawn_again(name, complete, results, tmp_path):
    figure = figures.named(name)
    data = figure.collect(results)
    style.write(figure.draw(data), data, tmp_path / name)
    for suffix in (".svg", ".png", ".json"):
        digests = [
            hashlib.sha256((folder / name).with_suffix(suffix).read_bytes()).hexdigest()
            for folder in (tmp_path, complete / "figures")
        ]
        assert digests[0] == digests[1], suffix


def test_no_template_mark_is_left(html, markdown):
    for text in (html, markdown):
        assert "{{" not in text and "{%" not in text
        assert "None" not in text and "nan" not in re.findall(r"\bnan\b", text)


class _Resources(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.ids, self.targets, self.scripts = [], [], [], 0

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.scripts += tag == "script"
        self.found += [values[a] for a in ("src", "href", "data", "srcset") if values.get(a)]
        self.ids += [values["id"]] if "id" in values else []


def test_html_needs_nothing_but_itself(html):
    parser = _Resources()
    parser.feed(html)
    assert all(link.startswith("#") for link in parser.found)
    assert parser.scripts == 0
    assert "http://" not in html and "https://" not in html and "@import" not in html
    assert html.count("<svg") == len(figures.ALL)


def test_html_ids_are_unique_and_links_lead_somewhere(html):
    parser = _Resources()
    parser.feed(html)
    assert len(parser.ids) == len(set(parser.ids))
    assert {link[1:] for link in parser.found} <= set(parser.ids)
    assert set(re.findall(r"url\(#([^)]+)\)", html)) <= set(parser.ids)


def test_html_follows_dark_and_light_and_phones(html):
    assert "prefers-color-scheme: dark" in html and 'name="viewport"' in html
    assert style.INK not in html.split("</style>")[1] and "currentColor" in html


def test_private_names_are_not_in_the_results(complete):
    for path in complete.rglob("*"):
        if path.is_file():
            assert b"secret-host" not in path.read_bytes(), path


def test_markdown_shows_every_figure(markdown):
    for figure in figures.ALL:
        assert f"(figures/{figure.name}.svg)" in markdown


def test_numbers_of_the_text_come_from_the_store(results, markdown):
    problem = next(p for p in results.problems if p.name == "mlp/small")
    assert interval(problem.steps_ratio("adam", "sgd_momentum")) in markdown
    assert interval(problem.seconds_ratio("adam", "sgd_momentum")) in markdown
    assert number(problem.goals["target"]) in markdown
    cell = results.best("adam", 33554432)
    assert interval(cell.time) in markdown


def test_other_results_give_other_numbers(complete, tmp_path, markdown):
    fill(tmp_path, parts=("step",), slower=1.5)
    write_report(tmp_path)
    store = Store.read(tmp_path)
    changed = interval(Results(store).best("adam", 33554432).time)
    store.close()
    assert changed not in markdown and changed in (tmp_path / "report.md").read_text()


def test_a_faster_adam_is_called_faster_and_an_undecided_size_is_named(markdown):
    assert "is faster at 2 and undecided at 1 of 3 sizes" in markdown
    assert "too few seeds reached the target to compare (Adam 3 of 3 and SGD-M 0 of 3)" in markdown


def test_a_failed_cell_has_no_number_and_is_named(results, markdown):
    name = "step/adam/broken/serial/n:1024/tensors:1/threads:1"
    assert name not in results.steps
    assert f"`{name}`: differs from scalar at element 7" in markdown


def test_limits_name_an_edge_and_the_problems(markdown):
    assert "still lies at an edge of the searched space" in markdown
    assert "quadratic/small (kappa=100, noise=0.01, rotated=1, batch 8)" in markdown


@pytest.mark.parametrize("part", ["step", "memory", "convergence"])
def test_a_partial_store_gives_a_report_that_says_what_was_not_run(part, tmp_path):
    fill(tmp_path, parts=(part,))
    write_report(tmp_path)
    text = (tmp_path / "report.md").read_text()
    for other in {"step", "memory", "convergence"} - {part}:
        assert f"`./scripts/study --only {other}` adds them" in text
    drawn = {p.stem for p in (tmp_path / "figures").glob("*.svg")}
    assert drawn == {f.name for f in figures.ALL if f.part == part}
    assert re.findall(r"figures/(\w+)\.svg", text) and set(re.findall(r"figures/(\w+)\.svg", text)) == drawn


def test_a_stale_figure_goes_when_its_data_is_gone(tmp_path):
    fill(tmp_path, parts=("memory",))
    stale = tmp_path / "figures" / "step_time.svg"
    stale.parent.mkdir()
    stale.write_text("old")
    write_report(tmp_path)
    assert not stale.exists()


def test_an_interrupted_study_still_gives_a_report(tmp_path):
    fill(tmp_path, parts=("convergence",), only_problems=1)
    write_report(tmp_path)
    assert "quadratic/small" in (tmp_path / "report.md").read_text()


@pytest.mark.parametrize(
    "low, value, high, floor, expected",
    [
        (0.5, 0.6, 0.7, 0.0, "faster"),
        (1.2, 1.3, 1.4, 0.0, "slower"),
        (0.9, 0.97, 1.1, 0.0, "not separated"),
        (0.97, 0.98, 0.99, 0.05, "not separated"),
    ],
)
def test_words_follow_the_interval(low, value, high, floor, expected):
    from steplab_study.stats import Interval

    assert verdict(Interval(value, low, high, 3), "faster", "slower", floor) == expected
    assert verdict(None, "faster", "slower") == "not measured"


def _cell(clean, polluted):
    return Cell("x", 1, samples=[1.0] * clean, polluted=[9.0] * polluted)


@pytest.mark.parametrize(
    "sample, polluted",
    [
        ({"real_time": 100, "cpu_time": 99, "threads": 1}, False),
        ({"real_time": 100, "cpu_time": 90, "threads": 1}, True),
        ({"real_time": 100, "cpu_time": 90, "threads": 2}, False),
        ({"real_time": 100, "cpu_time": 100, "steal_seconds": 0.01}, True),
        ({"real_time": 100, "cpu_time": 100, "involuntary_switches": 3}, True),
    ],
)
def test_a_sample_is_polluted_when_something_else_had_the_processor(sample, polluted):
    assert is_polluted(sample) == polluted


def test_polluted_samples_are_dropped_unless_too_few_would_remain():
    mostly_clean, mostly_polluted = _cell(5, 4), _cell(4, 5)
    assert mostly_clean.drop_polluted() == 4 and mostly_clean.time.value == 1.0
    assert mostly_polluted.drop_polluted() == 0 and len(mostly_polluted.samples) == 9
