"""What a section is made of. Text may hold `code` and **strong** words; both templates know them."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Text:
    text: str
    kind: str = "text"


@dataclass(frozen=True)
class Items:
    items: tuple
    kind: str = "items"


@dataclass(frozen=True)
class Heading:
    """A heading below the section's own."""

    text: str
    kind: str = "heading"


@dataclass(frozen=True)
class Figure:
    """A figure by its registered name; left out where it was not drawn."""

    name: str
    kind: str = "figure"


@dataclass(frozen=True)
class Table:
    """`folded`: the page shows the caption alone until a reader opens it."""

    headers: tuple
    rows: tuple
    caption: str
    folded: bool = False
    kind: str = "table"


@dataclass(frozen=True)
class Ledger:
    """Claims with their verdicts. `rows`: dicts of id, sentence, rule, word, why, headline, text, statements
    and figure (a name or None)."""

    rows: tuple
    kind: str = "ledger"


@dataclass(frozen=True)
class Code:
    text: str
    kind: str = "code"


@dataclass
class Section:
    anchor: str
    title: str
    blocks: list = field(default_factory=list)

    def add(self, *blocks):
        self.blocks.extend(blocks)
        return self


def not_run(anchor, title, part):
    """A section whose part has no results."""
    return Section(anchor, title).add(
        Text(
            f"This part was not run: there are no `{part}` results in this folder. "
            f"`./scripts/study --only {part}` adds them."
        )
    )


def claim_sentence(claim, verdict):
    """A claim and what the numbers say of it."""
    statements = "; ".join(f"{label}: {word}" for label, word in verdict.statements)
    text = f"{verdict.text} ({statements}.)" if statements else verdict.text
    word = f"**{verdict.word.capitalize()}**{verdict.condition}"
    return f"{full_stop(claim.sentence)} {word} ({claim.id}): {text}"


def full_stop(sentence):
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."
