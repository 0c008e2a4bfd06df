"""The command line of `./scripts/study`. Imports only Python itself until what is missing is installed.

Exit codes: 0 done, 1 something failed, 2 usage, 130 interrupted (finished work is kept).
"""

import argparse
import signal
import sys
from pathlib import Path

from . import build
from .errors import StudyError, UsageError
from .profiles import PARTS, PROFILES, parts_named, profile_named

_EXAMPLES = """examples:
  ./scripts/study                            the quick profile into results/quick, with its report
  ./scripts/study --profile standard --out results/mine
  ./scripts/study --only step,memory         parts of it; what is not run stays as it was stored
  ./scripts/study --dry-run                  what would run, without running it
  ./scripts/study report results/quick       figures and report again, from stored results alone
  ./scripts/study findings                   README's summary again, from the committed report's results
Running the same command again continues where an interrupted run stopped."""


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        raise UsageError(message)


def _study_parser():
    parser = _Parser(
        prog="./scripts/study",
        description="Measure optimizer steps and write a report.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--profile", default="quick", metavar="NAME", help=f"how much to run: {', '.join(PROFILES)}"
    )
    parser.add_argument(
        "--only",
        default=",".join(PARTS),
        metavar="PARTS",
        help=f"comma-separated parts: {', '.join(PARTS)} (all)",
    )
    parser.add_argument("--out", metavar="DIR", help="folder of results and report (results/<profile>)")
    parser.add_argument(
        "--list", action="store_true", help="print profiles, parts, problems, optimizers and figures"
    )
    parser.add_argument("--dry-run", action="store_true", help="print what would run")
    parser.add_argument(
        "--jobs", type=int, metavar="N", help="trials at once (the threads this machine allows)"
    )
    parser.add_argument(
        "--build-dir", metavar="DIR", help="use these built programs; install and compile nothing"
    )
    return parser


def _report_parser():
    parser = _Parser(
        prog="./scripts/study report", description="Draw figures and report again from stored results."
    )
    parser.add_argument("directory", metavar="DIR", help="a folder that ./scripts/study wrote")
    return parser


def _findings_parser():
    return _Parser(
        prog="./scripts/study findings",
        description="Compute README's summary again from the committed report's stored results.",
    )


def _interrupt(number, frame):
    raise KeyboardInterrupt


def main(arguments):
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        if arguments[:1] == ["report"]:
            return _report(_report_parser().parse_args(arguments[1:]))
        if arguments[:1] == ["findings"]:
            return _findings(_findings_parser().parse_args(arguments[1:]))
        return _study(_study_parser().parse_args(arguments))
    except UsageError as error:
        print(f"study: {error} (./scripts/study --help)", file=sys.stderr)
        return 2
    except StudyError as error:
        print(f"study: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstudy: interrupted; finished work is kept, the same command continues", file=sys.stderr)
        return 130


def _report(options):
    from .report import write_report

    print(f"study: report written to {write_report(options.directory)}")
    return 0


def _findings(_):
    from .findings import update

    print(f"study: README.md summarises {update(build.ROOT)}")
    return 0


def _study(options):
    profile, parts = profile_named(options.profile), parts_named(options.only)
    if options.jobs is not None and options.jobs < 1:
        raise UsageError(f"--jobs must be at least 1, got {options.jobs}")
    if options.list:
        return _list()
    out = Path(options.out) if options.out else build.ROOT / "results" / profile.name
    if options.dry_run:
        return _dry_run(profile, parts, out, options)
    if options.build_dir:
        programs = build.programs_in(options.build_dir)
    else:
        programs = build.setup_and_build()
    from .study import run

    run(profile, parts, out, programs, options.jobs)
    return 0


def _list():
    from .protocol import OPTIMIZERS

    print("profiles")
    for profile in PROFILES.values():
        print(f"  {profile.name:10} {profile.purpose}")
    print(f"parts\n  {', '.join(PARTS)}")
    print("problems (workload/size: training steps per profile)")
    for name in {p.name: None for profile in PROFILES.values() for p in profile.problems}:
        counts = [
            f"{profile.name} {p.steps}"
            for profile in PROFILES.values()
            for p in profile.problems
            if p.name == name
        ]
        print(f"  {name:18} {', '.join(counts)}")
    print("optimizers")
    for optimizer in OPTIMIZERS.values():
        print(f"  {optimizer.id:14} {optimizer.label}")
    print("figures")
    for path in sorted((Path(__file__).parent / "figures").glob("*.py")):
        if path.stem not in ("__init__", "style", "targets"):
            print(f"  {path.stem}")
    return 0


def _dry_run(profile, parts, out, options):
    from .protocol import OPTIMIZERS

    arms = len(profile.problems) * len(OPTIMIZERS)
    trials = {
        "search": arms * profile.points,
        "choice": arms * profile.finalists * profile.finalist_seeds,
        "target": arms * profile.target_seeds,
        "test": arms * profile.test_seeds,
    }
    timings = (arms + len(profile.problems)) * profile.timing_rounds
    print(f"profile {profile.name}: {', '.join(parts)} into {out}")
    print(
        "would install what is missing and build the release preset"
        if not options.build_dir
        else f"would use the programs in {options.build_dir}"
    )
    if "step" in parts:
        print(f"step: {profile.rounds} rounds of bench_step{_cell_count(profile, options)}")
    if "memory" in parts:
        print("memory: one run of bench_memory")
    if "convergence" in parts:
        counts = ", ".join(f"{count} {name}" for name, count in trials.items())
        print(
            f"convergence: {sum(trials.values())} trials ({counts}) and {timings} quiet timings; "
            "more where a best point lies at an edge"
        )
    print("report: figures, report.md, report.html")
    return 0


def _cell_count(profile, options):
    """How many cells a round has, where the programs are built."""
    from .cells import list_cells

    try:
        programs = build.programs_in(options.build_dir or build.default_build_directory())
        count = len(list_cells(programs["bench_step"], profile, profile.step_filter))
    except StudyError:
        return ""
    return f" of {count} cells each"
