"""DIR/peers.json: what `./scripts/study peers` measured, read and written whole.

Keys (format 1):

- format, date, commit, profile, programs (digest of what ran), machine {cpu, threads, …};
- lists {name: {parameters, tensors}};
- peers {name: {title, version, installed, error}};
- checks [{peer, rule, threads, largest_error, tolerance, agrees, offered, why, error}];
- memory [{peer, rule, threads, state_bytes_per_parameter, peak_bytes_per_parameter, error}];
- cells [{rule, list, threads, parameters, tensors, peer, seconds, prepare_seconds, error, offered}]: seconds
  of a step, one a round in the order of rounds, null where a sample failed. A peer that is not installed has
  no cells.

An export of the folder has the file as it is, compressed.
"""

import json
from pathlib import Path

from ..errors import StudyError
from ..store import exported

FILE_NAME = "peers.json"
EXPORTED = "peers.json.xz"
FORMAT = 1


def read(directory):
    """The dict of a results folder; None where nothing was measured there."""
    path = Path(directory) / FILE_NAME
    try:
        return _parsed(path.read_bytes(), path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StudyError(f"'{path}' cannot be read: {error}") from error


def read_or_exported(directory):
    """As read(); without the file, what the export has."""
    content = content_of(directory)
    return None if content is None else _parsed(content, Path(directory) / FILE_NAME)


def content_of(directory):
    """The file's bytes, else those of the export; None without both."""
    path = Path(directory) / FILE_NAME
    if path.is_file():
        return path.read_bytes()
    if exported.has_export(directory) and EXPORTED in exported.names(directory):
        return exported.unpacked(directory, EXPORTED)
    return None


def exported_content(directory):
    """The file's bytes as the export has them, None where it has none; StudyError where another file stands
    in the way."""
    path = Path(directory) / FILE_NAME
    if EXPORTED not in exported.names(directory):
        return None
    content = exported.unpacked(directory, EXPORTED)
    if path.is_file() and path.read_bytes() != content:
        raise StudyError(f"'{path}' is not what the export has: move it away first")
    return content


def _parsed(content, path):
    try:
        found = json.loads(content)
    except ValueError as error:
        raise StudyError(f"'{path}' cannot be read: {error}") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        made = found.get("format") if isinstance(found, dict) else None
        raise StudyError(f"'{path}' has format {made!r}; this program reads format {FORMAT}")
    return found


def write(directory, found):
    """Replaces the file in one step: whole or as it was."""
    path = Path(directory) / FILE_NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".new")
        unfinished.write_text(json.dumps(found, indent=1) + "\n")
        unfinished.replace(path)
    except OSError as error:
        raise StudyError(f"cannot write '{path}': {error.strerror}") from error


def set_aside(directory):
    """The file gets another name, its new path: a run that cannot go on from it does not lose it."""
    path = Path(directory) / FILE_NAME
    return path.replace(path.with_name("peers.before.json"))
