"""Templates of pages, and what they may call: marks in text as HTML, figures set into the page."""

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from ..figures import style

_TEMPLATES = Path(__file__).parent / "templates"
_COLOURS = {style.INK: "currentColor", style.GRID: "var(--grid)", style.PAPER: "var(--paper)"}


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
