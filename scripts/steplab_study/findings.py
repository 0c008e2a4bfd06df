"""README's summary of the committed report: computed from its stored results, like every sentence there.

The block stands between two comments, of which the first names the results' folder; nobody edits it by
hand."""

import re
from pathlib import Path

from .errors import StudyError
from .results import Results
from .sections import headline, machine, step
from .store import Store

_BLOCK = re.compile(r"(<!-- findings of (?P<folder>\S+): [^\n]*-->\n).*?(<!-- /findings -->)", re.DOTALL)


def folder_in(readme_text):
    """The folder that the block of this text summarises; StudyError where there is no block."""
    found = _BLOCK.search(readme_text)
    if found is None:
        raise StudyError("README.md has no block of findings: <!-- findings of DIR: … -->")
    return found["folder"]


def findings(directory):
    """The machine, the sentences of the headline and those on step time, as Markdown lines."""
    store = Store.read(directory)
    try:
        results = Results(store)
    finally:
        store.close()
    first = _lines(machine.build(results))[:1]
    told = _lines(headline.build(results)) + _lines(step.build(results))
    return "\n".join(first + told) + "\n"


def _lines(section):
    lines = []
    for block in section.blocks:
        if block.kind == "items":
            lines += [f"- {item}" for item in block.items]
        elif block.kind == "text" and block.text.startswith("**"):
            lines.append(f"- {block.text}")
    return lines


def with_findings(readme_text, directory):
    """The text with its block computed anew from `directory`."""
    folder_in(readme_text)
    return _BLOCK.sub(lambda m: m[1] + findings(directory) + m[3], readme_text)


def update(root):
    """Rewrites the block in root/README.md; returns the folder it was computed from."""
    readme = Path(root) / "README.md"
    text = readme.read_text()
    folder = folder_in(text)
    readme.write_text(with_findings(text, Path(root) / folder))
    return folder
