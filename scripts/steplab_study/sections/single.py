"""Single studies: one subsection for every study that has outcomes, with its figures and the claims it decides.

Nothing is listed here: a figure belongs to the study that is its `part`, a claim to the studies in its `needs`.
"""

from .. import figures, studies
from ..claims.verdict import NOT_MEASURED
from .parts import Figure, Heading, Items, Section, not_run

_TITLE = "Single studies"
RANKING = "ranking"  # has a section of its own


def build(evidence):
    section = Section("studies", _TITLE)
    for study in studies.ALL:
        if study.name != RANKING and evidence.outcomes(study.name):
            section.add(Heading(study.title), *(Figure(name) for name in figures.of_part(study.name)))
            told = tuple(_sentence(c, v) for c, v in evidence.ledger if study.name in c.needs)
            if told:
                section.add(Items(told))
    return section if section.blocks else not_run("studies", _TITLE, "studies")


def _sentence(claim, verdict):
    """The claim and what its numbers say of it."""
    if verdict.word == NOT_MEASURED:
        return f"{claim.sentence} – **not measured** ({claim.id}): {verdict.text}"
    return f"{claim.sentence} – **{verdict.word}** ({claim.id}): {verdict.text}"
