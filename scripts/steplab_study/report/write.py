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


def write_report(directory, png=False):
    """Figures, report.md and report.html in `directory`; returns the path of report.html."""
    with opened(directory) as evidence:
        return write(evidence, Path(directory), png)


def write(evidence, directory, png=False):
    """The report of some evidence in `directory`; `png`: figures as PNG too."""
    drawn = _draw_figures(evidence, directory / "figures", png)
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


def _draw_figures(evidence, folder, png):
    """Names of the figures that have data; files that are not drawn again are removed, so that none is
    stale."""
    drawn = set()
    with Bar(len(figures.ALL), "figures", "figure") as bar:
        for figure in figures.ALL:
            data = figure.collect(evidence)
            stem = folder / figure.name
            if data is not None:
                style.write(figure.draw(data), data, stem, png)
                drawn.add(figure.name)
            for suffix in _stale(data is not None, png):
                stem.with_suffix(suffix).unlink(missing_ok=True)
            bar.update()
    return drawn


def _stale(drawn, png):
    if not drawn:
        return (".svg", ".json", ".png")
    return () if png else (".png",)
