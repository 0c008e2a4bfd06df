"""The claims ledger: every claim, its verdict and what was measured."""

from ...claims.verdict import DECIDED, WORDS
from ...wording.numbers import listing
from .blocks import Ledger, Section, Text, full_stop

_TITLE = "Claims ledger"


def build(evidence):
    section = Section("ledger", _TITLE)
    if not evidence.ledger:
        return section.add(Text("There are no claims."))
    return section.add(
        Text(counts(evidence)),
        Text(
            "The teaching literature makes these claims; each is stated with its own qualifiers, and its"
            " decision rule was fixed in code before the run. **supported**: the interval lies in the"
            " claimed range; **imprecise**: the sign is right, the range is missed by less than half of it,"
            " or it holds in named conditions only; **contradicted**: beyond that, or the wrong sign; **not"
            " supported**: an effect could have been seen and was not, or the interval straddles an edge;"
            " **not measured**: too wide, censored, at an edge of the search, or left out by this profile."
            " Verdicts are about these workloads on this machine."
        ),
        Ledger(tuple(_row(claim, verdict) for claim, verdict in evidence.ledger)),
    )


def counts(evidence):
    """'Of 39 claims 34 are decided: 20 supported, …'"""
    words = [verdict.word for _, verdict in evidence.ledger]
    decided = sum(word in DECIDED for word in words)
    told = listing(f"{words.count(word)} {word}" for word in WORDS if word in words)
    return f"**Of {len(words)} claims of the teaching literature {decided} are decided in this run: {told}.**"


def _row(claim, verdict):
    return {
        "id": claim.id,
        "sentence": full_stop(claim.sentence),
        "rule": full_stop(claim.rule),
        "word": verdict.word,
        "text": verdict.text,
        "statements": verdict.statements,
        "figure": claim.figure,
    }
