"""README's summary of the committed report: computed from its stored results, like every sentence there.

The block stands between two comments, of which the first names the results' folder; nobody edits it by
hand."""

import re
from pathlib import Path

from ..errors import StudyError
from ..evidence import opened
from ..rankings import across_workloads
from .sections import advice, against, headline, ledger, machine

_BLOCK = re.compile(r"(<!-- findings of (?P<folder>\S+): [^\n]*-->\n).*?(<!-- /findings -->)", re.DOTALL)


def folder_in(readme_text):
    """The folder that the block of this text summarises; StudyError where there is no block."""
    found = _BLOCK.search(readme_text)
    if found is None:
        raise StudyError("README.md has no block of findings: <!-- findings of DIR: … -->")
    return found["folder"]


def findings(directory):
    """Markdown lines: the machine, the headline's sentence, what holds across workloads, what a step costs
    and beside peers, and how many claims hold."""
    with opened(directory) as evidence:
        return "".join(f"- {line}\n" for line in _lines(evidence))


def _lines(evidence):
    yield machine.build(evidence).blocks[0].items[0]
    if evidence.rankings:
        yield headline.summary(evidence)
        yield from advice.across_lines([r for r in evidence.rankings if not r.clipped])
        yield from advice.separated_lines(across_workloads.constant(evidence.rankings))
    yield from advice.cost_lines(evidence)
    if evidence.peer_ratios is not None:
        yield against.summary(evidence.peer_ratios)
    if evidence.ledger:
        yield ledger.counts(evidence)


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
