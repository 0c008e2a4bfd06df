"""`./scripts/study compare A B`: from two names to verdicts."""

import json
import math
from dataclasses import replace
from pathlib import Path

from ..compare import rounds, rule, sides as compare_sides
from ..compare.comparison import compared
from ..compare.text import as_json, markdown, text_lines
from ..errors import StudyError, UsageError
from ..protocol.profiles import profile_named


def run(options):
    """The exit code; what was found is on stdout."""
    _check(options)
    kind = compare_sides.kinds_of((options.a, options.b))
    sides = _folders(options) if kind == "folder" else _commits(options)
    comparison = compared(sides, None if options.min_effect is None else options.min_effect / 100)
    if options.json:
        print(json.dumps(as_json(comparison), indent=1))
    else:
        print("\n".join(text_lines(comparison)))
    if options.markdown:
        try:
            Path(options.markdown).write_text(markdown(comparison))
        except OSError as error:
            raise StudyError(f"cannot write '{options.markdown}': {error.strerror}") from error
    slower = any(cell.verdict == rule.SLOWER for cell in comparison.cells)
    return 1 if options.fail_on_slower and slower else 0


def _check(options):
    if options.rounds < rule.FEWEST:
        raise UsageError(f"--rounds must be at least {rule.FEWEST}, got {options.rounds}")
    profile_named(options.profile)
    if options.min_effect is not None and not 0 <= options.min_effect < math.inf:
        raise UsageError(f"--min-effect must be finite and not negative, got {options.min_effect}")
    if options.min_time is not None and not 0 < options.min_time < math.inf:
        raise UsageError(f"--min-time must be finite and above 0, got {options.min_time}")
    _check_writable(options.markdown)
    compare_sides.check_filter(options.filter)


def _check_writable(name):
    """Known before minutes of measuring, not after."""
    if name is not None and (Path(name).is_dir() or not Path(name).parent.is_dir()):
        raise UsageError(f"--markdown '{name}' cannot be written: give a file in a folder that is there")


def _folders(options):
    return tuple(compare_sides.stored(name).only(options.filter) for name in (options.a, options.b))


def _commits(options):
    profile = profile_named(options.profile)
    profile = replace(
        profile,
        step_filter=options.filter,
        min_time=options.min_time or profile.min_time,
        rounds=options.rounds,
    )
    commits = [compare_sides.commit_of(name) for name in (options.a, options.b)]
    programs = [compare_sides.built(commit) for commit in commits]
    machine = {"cpu": rounds.cpu_name()}
    samples = rounds.run(programs, profile, machine, options.rounds, compare_sides.CACHE)
    labels = [f"{name} ({commit[:10]})" for name, commit in zip((options.a, options.b), commits)]
    return tuple(compare_sides.Side(label, "commit", machine).take(s) for label, s in zip(labels, samples))
