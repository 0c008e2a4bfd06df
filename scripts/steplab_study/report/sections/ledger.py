"""The claims ledger: every claim, its verdict and what was measured."""

from ...claims.verdict import DECIDED, HOLDS, IN_PART, NO, OPEN, OPPOSITE, ROUGHLY
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
            " decision rule was fixed in code before the run. **holds**: the interval lies in the claimed"
            " range; **roughly**: the direction is right, the size within 1.5 times the range; **in part**:"
            " some of the claim's statements hold, or it holds under the named conditions; **no**: measured,"
            " and outside; **opposite**: the sign is the other one; **open**: it could not be told here, for"
            " the reason that is given. An interval wholly outside the range is “no”, however wide it is."
            " Where a claim is made of many cells, two thirds of the decided ones give the word. Verdicts are"
            " about these workloads on this machine."
        ),
        Ledger(tuple(_row(claim, verdict) for claim, verdict in evidence.ledger)),
    )


_TOLD = {  # how one claim, and how several, are said to have a word
    HOLDS: ("holds", "hold"),
    ROUGHLY: ("holds roughly", "hold roughly"),
    IN_PART: ("holds in part", "hold in part"),
    NO: ("does not hold", "do not hold"),
    OPPOSITE: ("is the opposite of what was measured", "are the opposite of what was measured"),
    OPEN: ("is open", "are open"),
}


def counts(evidence):
    """'Of 39 claims 34 are decided: 20 hold, …'"""
    words = [verdict.word for _, verdict in evidence.ledger]
    decided = sum(word in DECIDED for word in words)
    told = listing(f"{words.count(w)} {each[words.count(w) > 1]}" for w, each in _TOLD.items() if w in words)
    return f"**Of {len(words)} claims of the teaching literature {decided} are decided in this run: {told}.**"


def _row(claim, verdict):
    return {
        "id": claim.id,
        "sentence": full_stop(claim.sentence),
        "rule": full_stop(claim.rule),
        "word": verdict.word,
        "why": verdict.why,
        "headline": verdict.headline,
        "text": verdict.text,
        "statements": verdict.statements,
        "figure": claim.figure,
    }
