"""report.md and a self-contained report.html from the same sections, made from stored results alone."""

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from . import figures, sections
from .figures import style
from .progress import Bar
from .results import Results
from .store import Store

_TEMPLATES = Path(__file__).parent / "templates"
_COLOURS = {style.INK: "currentColor", style.GRID: "var(--grid)", style.PAPER: "var(--paper)"}


def write_report(directory):
    """Figures, report.md and report.html in `directory`; returns the path of report.html."""
    directory = Path(directory)
    store = Store.read(directory)
    try:
        results = Results(store)
    finally:
        store.close()
    drawn = _draw_figures(results, directory / "figures")
    built = [section.build(results) for section in sections.ALL]
    numbers = {
        name: i + 1
        for i, name in enumerate(
            b.name for s in built for b in s.blocks if b.kind == "figure" and b.name in drawn
        )
    }
    context = {
        "title": "steplab: optimizer steps, measured",
        "profile": results.profile,
        "sections": built,
        "figures": {f.name: f for f in figures.ALL if f.name in drawn},
        "numbers": numbers,
    }
    environment = _environment(directory)
    for name in ("report.md", "report.html"):
        text = environment.get_template(f"{name}.j2").render(**context)
        (directory / name).write_text(text.rstrip() + "\n")
    return directory / "report.html"


def _draw_figures(results, folder):
    """Names of the figures that have data; files of the others are removed, so that none is stale."""
    drawn = set()
    with Bar(len(figures.ALL), "figures", "figure") as bar:
        for figure in figures.ALL:
            data = figure.collect(results)
            if data is not None:
                style.write(figure.draw(data), data, folder / figure.name)
                drawn.add(figure.name)
            else:
                for suffix in (".svg", ".png", ".json"):
                    (folder / figure.name).with_suffix(suffix).unlink(missing_ok=True)
            bar.update()
    return drawn


def _environment(directory):
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=lambda name: name is not None and ".html" in name,
    )
    environment.filters["marked"] = marked
    environment.filters["cell"] = lambda text: str(text).replace("|", "\\|")
    environment.globals["inline_svg"] = lambda name: inline_svg(directory / "figures" / f"{name}.svg")
    return environment


def marked(text):
    """`code` and **strong** as HTML; everything else escaped."""
    html = str(escape(text))
    html = re.sub(r"`([^`]+)`", r"<code>\1</code>", html)
    return Markup(re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html))


def inline_svg(path):
    """The SVG as an element: ids made unique by the file's name, ink and paper taken from the page's
    colours."""
    text = path.read_text()
    text = "<svg" + text.partition("<svg")[2]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    prefix = f"{path.stem}-"
    text = re.sub(r'\bid="', f'id="{prefix}', text)
    text = re.sub(r'href="#', f'href="#{prefix}', text)
    text = text.replace("url(#", f"url(#{prefix}")
    for colour, variable in _COLOURS.items():
        text = text.replace(colour, variable)
    text = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?) width="[^"]*"', r'\1 role="img"', text, count=1)
    return Markup(re.sub(r' xmlns:xlink="[^"]*"| xmlns="[^"]*"', "", text).replace("xlink:href", "href"))
