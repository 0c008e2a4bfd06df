"""What each part says of its record, and how it says what repeats it."""

from dataclasses import dataclass

from ..report.sections.blocks import Items

HOLDS = "holds"
SHORT = "nothing failed, but less was tried than is aimed at"
FAILED = "FAILED"
MISSING = "not recorded"


@dataclass(frozen=True)
class Found:
    """`word`: one of the four above; `text`: a line or two for the summary; `blocks`: the part's
    section."""

    word: str
    text: str
    blocks: tuple


def judged(wrong, short):
    """FAILED where anything is `wrong`, else SHORT where anything is `short`."""
    return FAILED if wrong else SHORT if short else HOLDS


def sentences(*told):
    """Those that there are, as one text."""
    return " ".join(text for text in told if text)


def repeated_by(entries, name=None):
    """Command, commit and date, once for all entries that share them; `name`: what an entry is called."""
    runs = {}
    for entry in entries:
        runs.setdefault((entry["command"], entry["commit"], entry["date"]), []).append(entry)
    return Items(
        tuple(
            (f"{', '.join(one[name] for one in of)}: " if name else "Repeat with ")
            + f"`{command}` (commit {commit[:12]}, {date})"
            for (command, commit, date), of in runs.items()
        )
    )
