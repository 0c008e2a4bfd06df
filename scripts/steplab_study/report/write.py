"""report.md and a self-contained report.html from the same sections, made from stored results alone."""

from pathlib import Path

from .. import figures
from ..evidence import opened
from ..figures import style
from ..progress import Bar
from . import sections
from .pages import environment

_SIGNS = {  # a verdict is told by its word; the sign and the colour repeat it
    "holds": "✓",
    "roughly": "≈",
    "in part": "◐",
    "no": "✗",
    "opposite": "↔",
    "open": "?",
}


def write_report(directory):
    """Figures, report.md and report.html in `directory`; returns the path of report.html."""
    with opened(directory) as evidence:
        return write(evidence, Path(directory))


def write(evidence, directory):
    """The report of some evidence in `directory`."""
    drawn = _draw_figures(evidence, directory / "figures")
    built = [section.build(evidence) for section in sections.ALL]
    placed = [b.name for s in built for b in s.blocks if b.kind == "figure" and b.name in drawn]
    context = {
        "title": "steplab: optimizer steps, measured",
        "profile": evidence.benchmarks.profile,
        "sections": built,
        "figures": {f.name: f for f in figures.ALL if f.name in placed},
        "numbers": {name: i + 1 for i, name in enumerate(placed)},
        "signs": _SIGNS,
    }
    templates = environment(directory, [claim.id for claim, _ in evidence.ledger])
    for name in ("report.md", "report.html"):
        text = templates.get_template(f"{name}.j2").render(**context)
        (directory / name).write_text(text.rstrip() + "\n")
    return directory / "report.html"


def _draw_figures(evidence, folder):
    """Names of the figures that have data; files of the others are removed, so that none is stale."""
    drawn = set()
    with Bar(len(figures.ALL), "figures", "figure") as bar:
        for figure in figures.ALL:
            data = figure.collect(evidence)
            if data is not None:
                style.write(figure.draw(data), data, folder / figure.name)
                drawn.add(figure.name)
            else:
                for suffix in (".svg", ".png", ".json"):
                    (folder / figure.name).with_suffix(suffix).unlink(missing_ok=True)
            bar.update()
    return drawn
