"""Figures and report from made-up results: complete, self-contained, and every number from the store."""

import hashlib
import json
import math
import re
from html.parser import HTMLParser

import pytest
from made_up import STUDIES, fill

from steplab_study import figures, studies
from steplab_study.claims.verdict import IN_PART, OPEN, WORDS, Verdict
from steplab_study.evidence import Evidence, opened
from steplab_study.figures import style
from steplab_study.rankings import across_workloads
from steplab_study.report import sections
from steplab_study.report.pages import marked
from steplab_study.report.write import write, write_report
from steplab_study.statistics.intervals import Interval
from steplab_study.wording.numbers import interval, number, verdict

DRAWN = [f for f in figures.ALL if f.part in ("step", "memory", *STUDIES)]  # what the made-up store has


# of what is made up; figures of single studies have tests of their own
DRAWN = [figure for figure in figures.ALL if figure.part in ("step", "memory", "ranking")]


@pytest.fixture(scope="module")
def evidence(complete):
    with opened(complete) as found:
        yield found


@pytest.fixture(scope="module")
def results(evidence):
    return evidence.benchmarks


@pytest.fixture(scope="module")
def html(complete):
    return (complete / "report.html").read_text()


@pytest.fixture(scope="module")
def markdown(complete):
    return (complete / "report.md").read_text()


@pytest.mark.parametrize("figure", DRAWN, ids=lambda f: f.name)
def test_each_figure_is_drawn_with_its_data(figure, complete):
    stem = complete / "figures" / figure.name
    assert stem.with_suffix(".svg").read_text().lstrip().startswith("<?xml")
    assert not stem.with_suffix(".png").exists()
    assert json.loads(stem.with_suffix(".json").read_text())


def test_each_figure_file_is_registered():
    folder = style.Path(figures.__file__).parent
    files = {p.stem for p in folder.glob("*.py")} - {"__init__", "style", "bars", "targets", "curves"}
    assert files == {f.name for f in figures.ALL}


def test_each_section_file_is_registered():
    folder = style.Path(sections.__file__).parent
    helpers = {"__init__", "blocks", "cold", "convergence_tables", "against_tables"}
    files = {p.stem for p in folder.glob("*.py")} - helpers
    assert files == {s.__name__.rsplit(".", 1)[1] for s in sections.ALL}


@pytest.mark.parametrize("name", ["step_time", "headline"])
def test_a_figure_has_the_same_bytes_when_drawn_again(name, complete, evidence, tmp_path):
    figure = figures.named(name)
    data = figure.collect(evidence)
    style.write(figure.draw(data), data, tmp_path / name)
    for suffix in (".svg", ".json"):
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
    assert all(link.startswith("#") or link == "data:," for link in parser.found)
    assert parser.scripts == 0
    assert "http://" not in html and "https://" not in html and "@import" not in html
    assert html.count("<svg") == len(DRAWN)


def test_html_ids_are_unique_and_links_lead_somewhere(html):
    parser = _Resources()
    parser.feed(html)
    assert len(parser.ids) == len(set(parser.ids))
    assert {link[1:] for link in parser.found if link.startswith("#")} <= set(parser.ids)
    assert set(re.findall(r"url\(#([^)]+)\)", html)) <= set(parser.ids)


def test_html_follows_dark_and_light_and_phones(html):
    assert "prefers-color-scheme: dark" in html and 'name="viewport"' in html
    assert style.INK not in html.split("</style>")[1] and "currentColor" in html


def test_private_names_are_not_in_the_results(complete):
    for path in complete.rglob("*"):
        if path.is_file():
            assert b"secret-host" not in path.read_bytes(), path


def test_markdown_shows_every_figure(markdown):
    for figure in DRAWN:
        assert f"(figures/{figure.name}.svg)" in markdown


def test_figures_and_page_stay_small(complete):
    assert (complete / "report.html").stat().st_size < 4e6
    for path in (complete / "figures").glob("*.svg"):
        assert path.stat().st_size < 3e5, path.name


def _ranking(evidence, name, schedule="constant"):
    return next(r for r in evidence.rankings if r.name == name and r.schedule == schedule and not r.clipped)


def test_numbers_of_the_text_come_from_the_store(evidence, markdown):
    ranking = _ranking(evidence, "mlp/small")
    assert interval(ranking.steps_ratio("adam", "sgd_momentum")) in markdown
    assert interval(ranking.seconds_ratio("adam", "sgd_momentum")) in markdown
    assert number(ranking.goals["target"]) in markdown
    assert interval(evidence.benchmarks.best("adam", 33554432).time) in markdown


def test_other_results_give_other_numbers(tmp_path, markdown):
    fill(tmp_path, parts=("step",), slower=1.5)
    write_report(tmp_path)
    with opened(tmp_path) as changed:
        text = interval(changed.benchmarks.best("adam", 33554432).time)
    assert text not in markdown and text in (tmp_path / "report.md").read_text()


def test_a_faster_adam_is_called_faster(markdown):
    assert "is faster at 4 of 4 sizes" in markdown


def test_a_problem_where_seeds_miss_the_target_is_undecided(evidence, markdown):
    found = across_workloads.steps_ratio(_ranking(evidence, "logistic/small"))
    assert (found.value, found.low, found.high) == (0.0, 0.0, math.inf)  # too few seeds for signed ranks
    assert "| logistic/small | 7.85 k | constant rate | 0 [0, ∞] not separated |" in markdown
    assert "| 0 of 3 seeds |" in markdown


def test_wider_optimizers_are_checked_to_contain_the_narrower(markdown):
    assert "SGD within SGD-M: the same bits; Adam within AdamW: the same bits; AdamW's" in markdown
    assert "AdamW's default decay: other bits" in markdown


def test_a_ladder_that_ends_below_the_target_at_once_says_so(evidence, markdown):
    ranking = _ranking(evidence, "logistic/small", "cosine")
    assert not any(ranking.arms["adam"].steps(ranking.goals["target"]))
    assert "below the shortest run (75)" in markdown


def test_across_workloads_each_has_one_vote_and_toys_have_none(evidence):
    steps_ratio = across_workloads.steps_ratio
    rankings = across_workloads.constant(evidence.rankings)
    found = across_workloads.workloads(rankings, across_workloads.steps_value)
    assert set(found.values) == {"logistic", "mlp", "cnn", "transformer"}
    assert found.bounds == ("logistic",) and 0 < found.values["logistic"] < 1
    medium, small = (steps_ratio(_ranking(evidence, f"mlp/{s}")).value for s in ("medium", "small"))
    assert found.values["mlp"] == pytest.approx((medium * small) ** 0.5)
    assert found.mean.count == 4 and found.steady


class _Ratio:
    """As much of a ranking as `across` looks at."""

    def __init__(self, workload, value):
        self.workload, self.value, self.parameters, self.name = workload, value, 1, workload


@pytest.mark.parametrize("values, steady", [((0.5, 0.6, 0.7), True), ((0.5, 1.1, 1.2), False)])
def test_a_mean_that_rests_on_one_workload_is_not_steady(values, steady):
    some = [_Ratio(name, value) for name, value in zip(("mlp", "cnn", "transformer"), values)]
    found = across_workloads.workloads(some, lambda r: (r.value, r.workload == "cnn"))
    assert found.steady == steady and found.bounds == ("cnn",)
    assert across_workloads.workloads(some[:1], lambda r: (r.value, False)) is None


def test_a_failed_cell_has_no_number_and_is_named(results, markdown):
    name = "step/adam/broken/serial/n:1024/tensors:1/threads:1"
    assert name not in results.steps
    assert f"`{name}`: differs from scalar at element 7" in markdown


def test_edges_of_the_search_and_problems_are_named(markdown):
    assert "still lies at an edge of the searched space in " in markdown
    assert "MLP/small (batch 64, 400 steps)" in markdown


@pytest.mark.parametrize("part", ["step", "memory", "ranking"])
def test_a_partial_store_gives_a_report_that_says_what_was_not_run(part, tmp_path):
    fill(tmp_path, parts=(part,))
    write_report(tmp_path)
    text = (tmp_path / "report.md").read_text()
    for other in {"step", "memory", "ranking"} - {part}:
        assert f"`./scripts/study --only {other}` adds them" in text
    drawn = {p.stem for p in (tmp_path / "figures").glob("*.svg")}
    assert drawn == {f.name for f in figures.ALL if f.part == part}
    assert set(re.findall(r"figures/(\w+)\.svg", text)) == drawn


def test_a_stale_figure_goes_when_its_data_is_gone(tmp_path):
    fill(tmp_path, parts=("memory",))
    stale = tmp_path / "figures" / "step_time.svg"
    stale.parent.mkdir()
    stale.write_text("old")
    write_report(tmp_path)
    assert not stale.exists()


def test_an_interrupted_study_still_gives_a_report(tmp_path):
    fill(tmp_path, parts=("ranking",), stop_after=900)
    write_report(tmp_path)
    with opened(tmp_path) as found:
        assert 0 < len(found.rankings) < len(studies.named("ranking").plans(found.context))
    assert "## Convergence" in (tmp_path / "report.md").read_text()


class _Claim:
    """A claim whose verdict is given."""

    rule, needs, figure = "the rule | in words", ("memory",), "memory"

    def __init__(self, id):
        self.id, self.sentence = id, f"What {id} claims"


class _Judged(Evidence):
    """Evidence with a claim for every verdict."""

    ledger = [
        (
            _Claim(f"C{i + 1:02}"),
            Verdict(
                word,
                f"measured {i} B",
                (("a part", word),) if i else (),
                f"because of {i}" if word in (IN_PART, OPEN) else "",
                f"It is {i}.",
            ),
        )
        for i, word in enumerate(WORDS)
    ]


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """A folder with the report of made-up verdicts."""
    directory = tmp_path_factory.mktemp("judged")
    fill(directory, parts=("memory",))
    with opened(directory) as found:
        write(_Judged(found.store, found.context), directory)
    return directory


def test_the_ledger_shows_every_claim_with_its_verdict_in_words_and_its_figure(judged):
    html, text = (judged / "report.html").read_text(), (judged / "report.md").read_text()
    for i, word in enumerate(WORDS):
        assert f'<tr id="C0{i + 1}">' in html and f"</span> {word}</span>" in html
        why = f" (because of {i})" if word in (IN_PART, OPEN) else ""
        assert f"| C0{i + 1} | What C0{i + 1} claims. |" in text
        assert f"{word}{why} | **It is {i}.** measured {i} B" in text
        assert f"<p><strong>It is {i}.</strong></p>" in html
    assert html.count('<p class="quiet">because of') == 2
    assert html.count('<a href="#figure-memory">') == len(WORDS) and 'id="figure-memory"' in html


def test_verdicts_are_counted(judged):
    assert (
        "Of 6 claims of the teaching literature 5 are decided in this run: 1 holds, 1 holds roughly, 1 holds"
        " in part, 1 does not hold, 1 is the opposite of what was measured and 1 is open."
        in (judged / "report.md").read_text()
    )


def test_advice_leaves_out_what_was_not_measured(judged):
    advice = (judged / "report.md").read_text().split("## What the study says")[1].split("\n## ")[0]
    assert "What C01 claims. **Holds** (C01): measured 0 B" in advice
    assert "C06" not in advice and "Bias correction" not in advice


def test_claims_are_linked_and_everything_else_is_escaped():
    assert marked("<b> `x` **y** (C08) C09", ("C08",)) == (
        '&lt;b&gt; <code>x</code> <strong>y</strong> (<a href="#C08">C08</a>) C09'
    )


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
    assert verdict(Interval(value, low, high, 3), "faster", "slower", floor) == expected
    assert verdict(None, "faster", "slower", 0.0) == "not measured"
