"""Single studies: a subsection for every study that has outcomes, with its figures and the claims it decides.

Nothing is listed here: a figure belongs to the study that is its `part`, a claim to the studies in its
`needs`.
"""

from ... import figures, studies
from .blocks import Figure, Heading, Items, Section, Text, claim_sentence

_TITLE = "Single studies"
ELSEWHERE = ("ranking", "step_times", "inclusion", "numpy_form", "torch_steps")  # in sections of their own


def build(evidence):
    section = Section("studies", _TITLE)
    for study in studies.ALL:
        if study.name not in ELSEWHERE and evidence.outcomes(study.name):
            title = study.title[:1].upper() + study.title[1:]
            section.add(Heading(title), *(Figure(name) for name in figures.of_part(study.name)))
            told = tuple(claim_sentence(c, v) for c, v in evidence.ledger if study.name in c.needs)
            if told:
                section.add(Items(told))
    if not section.blocks:
        section.add(Text("No single study has finished in this folder. `./scripts/study` adds them."))
    return section
