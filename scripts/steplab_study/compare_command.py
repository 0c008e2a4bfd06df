"""`./scripts/study compare A B`: from two names to verdicts."""

import json
import math
from dataclasses import dataclass, replace
from pathlib import Path

from . import compare, compare_rounds, compare_sides
from .compare_text import as_json, markdown, text_lines
from .errors import StudyError, UsageError
from .profiles import profile_named

DESCRIPTION = """Say of every cell of bench_step whether B is faster or slower than A, the same, or undecided.
A and B are two results folders, whose stored samples are compared, or two git commits, which are built
(release preset, into build/compare) and run in turns. A name that is both is taken as the folder."""
EXAMPLES = """examples:
  ./scripts/study compare HEAD~1 HEAD --filter 'adamw/xsimd'
  ./scripts/study compare v0.1 main --profile standard --rounds 15 --markdown change.md
  ./scripts/study compare results/before results/after --json
An interrupted comparison keeps its finished rounds, and the same command continues.
Exit code 0, whatever was found; 1 with --fail-on-slower when a cell is slower; 2 for wrong usage."""


def add_options(parser):
    parser.add_argument("a", metavar="A", help="what it was: a results folder or a commit")
    parser.add_argument("b", metavar="B", help="what it is: another of the same kind")
    parser.add_argument(
        "--filter", default="^step/", metavar="REGEX", help="only cells whose id it fits (all)"
    )
    parser.add_argument(
        "--min-effect", type=float, metavar="PERCENT", help="what counts (2, or A/A if larger)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    parser.add_argument("--markdown", metavar="FILE", help="write the table there too")
    parser.add_argument("--fail-on-slower", action="store_true", help="exit with 1 when a cell is slower")
    commits = parser.add_argument_group("commits")
    commits.add_argument("--profile", default="quick", metavar="NAME", help="which cells there are (quick)")
    commits.add_argument("--rounds", type=int, default=9, metavar="N", help="runs of each side (9)")
    commits.add_argument("--min-time", type=float, metavar="SECONDS", help="a cell a round (the profile's)")
    return parser


@dataclass
class Comparison:
    """What was found of two sides (A, B), and what is to be known beside it."""

    sides: tuple
    effect: float
    aa: float
    cells: list
    warnings: list

    def only(self, place):
        """Cells with a time on one side that the other does not have at all."""
        mine, other = self.sides[place], self.sides[1 - place]
        return [cell for cell in mine.samples if cell not in other.samples and cell not in other.failed]

    def dropped(self):
        """(polluted samples left out, samples taken) of the compared cells."""
        left_out = sum(side.dropped[cell.id] for side in self.sides for cell in self.cells)
        return left_out, left_out + sum(cell.a.count + cell.b.count for cell in self.cells)


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
    slower = any(cell.verdict == compare.SLOWER for cell in comparison.cells)
    return 1 if options.fail_on_slower and slower else 0


def _check(options):
    if options.rounds < compare.FEWEST:
        raise UsageError(f"--rounds must be at least {compare.FEWEST}, got {options.rounds}")
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


def compared(sides, given_effect=None):
    """The Comparison of two sides."""
    a, b = sides
    aa = compare.aa_difference((a.samples, b.samples))
    effect = compare.minimum_effect(given_effect, aa)
    cpus = [side.machine.get("cpu") for side in sides]
    warnings = []
    if a.kind == "folder":
        warnings.append(
            "Stored samples: whatever changed between the two runs beside the code counts as well."
        )
    if cpus[0] != cpus[1]:
        warnings.append(f"A ran on {cpus[0]}, B on {cpus[1]}: nothing is said of faster or slower.")
    cells = compare.judge(a.samples, b.samples, effect, comparable=cpus[0] == cpus[1])
    return Comparison((a, b), effect, aa, cells, warnings)


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
    machine = {"cpu": compare_rounds.cpu_name()}
    samples = compare_rounds.run(programs, profile, machine, options.rounds, compare_sides.CACHE)
    labels = [f"{name} ({commit[:10]})" for name, commit in zip((options.a, options.b), commits)]
    return tuple(compare_sides.Side(label, "commit", machine).take(s) for label, s in zip(labels, samples))
