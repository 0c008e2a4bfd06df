"""What did broken input, failing systems, sanitizers, other machines and time do to the library? The page of
reports/robustness.

Like the report it is computed from what was recorded, every sentence and verdict of it, and nobody edits
it by hand. One file a part; each has FILE (the record), TITLE, COMMAND (which records it) and
`found(record)` giving a Found.
"""

import json
from pathlib import Path

from ..errors import StudyError
from ..report.pages import environment
from ..report.sections.blocks import Section, Text
from . import architectures, crashes, fuzzing, sanitizers, soak
from .found import MISSING, Found

ALL = (fuzzing, crashes, architectures, sanitizers, soak)
FOLDER = Path("reports", "robustness")
PAGE = "README.md"


def page(folder):
    """The page's text, from the records in `folder`."""
    found = [(part, _found(part, Path(folder))) for part in ALL]
    return (
        environment(folder)
        .get_template("robustness.md.j2")
        .render(
            summary=[f"**{part.TITLE}: {one.word}.** {one.text}" for part, one in found],
            sections=[Section(Path(part.FILE).stem, part.TITLE, list(one.blocks)) for part, one in found],
            figures={},
        )
    ).rstrip() + "\n"


def update(root):
    """Writes the page below `root`; returns its path."""
    path = Path(root) / FOLDER / PAGE
    path.write_text(page(path.parent))
    return path


def _found(part, folder):
    path = folder / part.FILE
    if not path.exists():
        text = f"There is no `{part.FILE}`; `{part.COMMAND}` writes it."
        return Found(MISSING, text, (Text(f"Not recorded. {text}"),))
    try:
        return part.found(json.loads(path.read_text()))
    except (ValueError, KeyError, TypeError) as error:
        raise StudyError(f"{path}: not a record that `{part.COMMAND}` writes: {error!r}") from error
