"""What can be asked for: benchmarks, studies, claims; names in the study's own order, unknown ones
refused."""

from .. import claims, studies
from ..errors import UsageError

BENCHES = ("step", "memory")


def all_parts():
    return (*BENCHES, *(study.name for study in studies.ALL))


def parts_named(text):
    """The parts of a comma-separated list."""
    return _chosen(text, all_parts(), "part", "--only")


def claims_named(text):
    """The claims of a comma-separated list of ids."""
    return tuple(claims.named(id) for id in _chosen(text.upper(), claims.IDS, "claim", "--claim"))


def parts_of(chosen_claims):
    """What some claims need."""
    needed = {need for claim in chosen_claims for need in claim.needs}
    return tuple(part for part in all_parts() if part in needed)


def _chosen(text, known, what, flag):
    asked = [word.strip() for word in text.split(",")]
    for word in asked:
        if word not in known:
            raise UsageError(f"unknown {what} '{word}' in {flag}; known {what}s: {', '.join(known)}")
    return tuple(name for name in known if name in asked)
