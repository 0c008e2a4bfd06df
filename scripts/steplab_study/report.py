"""report.md and a self-contained report.html from the same sections, made from stored results alone."""

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from . import figures, sections
from .evidence import opened
from .figures import style
from .progress import Bar

_TEMPLATES = Path(__file__).parent / "templates"
_COLOURS = {style.INK: "currentColor", style.GRID: "var(--grid)", style.PAPER: "var(--paper)"}
_SIGNS = {  # a verdict is told by its word; the sign and the colour repeat it
    "supported": "✓",
    "imprecise": "≈",
    "contradicted": "✗",
    "not supported": "○",
    "not measured": "–",
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
        "profile": evidence.results.profile,
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


def environment(directory, claim_ids=()):
    """Where templates are found, and what they may call; figures are those of `directory`."""
    templates = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=lambda name: name is not None and ".html" in name,
    )
    templates.filters["marked"] = lambda text: marked(text, claim_ids)
    templates.filters["cell"] = lambda text: str(text).replace("|", "\\|").replace("\n", " ")
    templates.globals["inline_svg"] = lambda name: inline_svg(directory / "figures" / f"{name}.svg")
    return templates


def marked(text, claim_ids=()):
    """`code` and **strong** as HTML, ids of claims as links into the ledger; everything else escaped."""
    html = str(escape(text))
    html = re.sub(r"`([^`]+)`", r"<code>\1</code>", html)
    html = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html)
    if claim_ids:
        html = re.sub(rf"\b({'|'.join(claim_ids)})\b", r'<a href="#\1">\1</a>', html)
    return Markup(html)


def inline_svg(path):
    """The SVG as an element: ids made unique by the file's name, ink and paper taken from the page's
    colours."""
    text = path.read_text()
    text = "<svg" + text.partition("<svg")[2]
    prefix = f"{path.stem}-"
    text = re.sub(r'\bid="', f'id="{prefix}', text)
    text = re.sub(r'href="#', f'href="#{prefix}', text)
    text = text.replace("url(#", f"url(#{prefix}")
    for colour, variable in _COLOURS.items():
        text = text.replace(colour, variable)
    text = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?) width="[^"]*"', r'\1 role="img"', text, count=1)
    return Markup(re.sub(r' xmlns:xlink="[^"]*"| xmlns="[^"]*"', "", text).replace("xlink:href", "href"))
