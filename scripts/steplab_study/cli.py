"""The command line of `./scripts/study`.

Imports only Python itself until what is missing is installed. Exit codes: 0 done, 1 something failed, 2
usage, 130 interrupted (finished work is kept).
"""

import os
import signal
import sys
from pathlib import Path

from . import build
from .cli_parsers import (
    claims_parser,
    compare_parser,
    doctor_parser,
    findings_parser,
    folder_parser,
    peers_parser,
    report_parser,
    robustness_parser,
    study_parser,
)
from .errors import StudyError, UsageError
from .profiles import PROFILES, profile_named

_MOST_JOBS = 1024  # each is a process


def _interrupt(number, frame):
    raise KeyboardInterrupt


def main(arguments):
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        commands = {
            "report": (report_parser, _report),
            "findings": (findings_parser, _findings),
            "robustness": (robustness_parser, _robustness),
            "doctor": (doctor_parser, _doctor),
            "status": (
                lambda: folder_parser("status", "Print what a results folder has and lacks."),
                _status,
            ),
            "claims": (claims_parser, _claims),
            "compare": (compare_parser, _compare),
            "peers": (peers_parser, _peers),
        }
        if arguments[:1] and arguments[0] in commands:
            parser, command = commands[arguments[0]]
            return command(parser().parse_args(arguments[1:]))
        return _study(study_parser().parse_args(arguments))
    except UsageError as error:
        print(f"study: {error} (./scripts/study --help)", file=sys.stderr)
        return 2
    except StudyError as error:
        print(f"study: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
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


def _robustness(_):
    from .robustness import update

    print(f"study: page written to {update(build.ROOT)}")
    return 0


def _doctor(options):
    import json

    from . import doctor

    folder = Path(options.build_dir) if options.build_dir else build.default_build_directory()
    findings = doctor.examine(ceilings=folder / "bin" / "bench_ceilings")
    if options.json:
        print(json.dumps(doctor.as_json(findings), indent=1))
    else:
        print("\n".join(doctor.lines(findings)))
    return 0 if doctor.trusted(findings) else 1


def _folder(given):
    """The folder that was named, else the first of the usual ones that has results."""
    from .store import FILE_NAME

    usual = [build.ROOT / "results" / "quick", build.ROOT / "reports" / "standard"]
    return Path(given) if given else next((f for f in usual if (f / FILE_NAME).is_file()), usual[0])


def _status(options):
    from .status import status_lines

    for line in status_lines(_folder(options.directory)):
        print(line)
    return 0


def _claims(options):
    from .parts import claims_named
    from .status import claim_lines

    chosen = claims_named(options.claim) if options.claim else None
    for line in claim_lines(_folder(options.directory), chosen):
        print(line)
    return 0


def _compare(options):
    from .compare_command import run

    return run(options)


def _peers(options):
    from .peers_command import run

    return run(options)


def _study(options):
    profile = profile_named(options.profile)
    if options.jobs is not None and options.jobs < 1:
        raise UsageError(f"--jobs must be at least 1, got {options.jobs}")
    if options.jobs is not None and options.jobs > _MOST_JOBS:
        raise UsageError(f"--jobs must be at most {_MOST_JOBS}, got {options.jobs}")
    if options.only and options.claim:
        raise UsageError("--only and --claim exclude each other")
    if options.build_dir:
        programs = build.programs_in(options.build_dir)
    elif not (options.list or options.dry_run):
        build.setup()  # what the modules below import may be among what is missing
    from .parts import all_parts, claims_named, parts_named, parts_of

    if options.list:
        return _list()
    parts = all_parts()
    if options.only is not None:
        parts = parts_named(options.only)
    elif options.claim:
        parts = parts_of(claims_named(options.claim))
    workloads = tuple(w.strip() for w in options.workloads.split(",")) if options.workloads else ()
    out = Path(options.out) if options.out else build.ROOT / "results" / profile.name
    if options.dry_run:
        return _dry_run(profile, parts, out, options)
    if not options.build_dir:
        programs = build.build()
    from .study import run

    run(profile, parts, out, programs, options.jobs, workloads)
    return 0


def _list():
    from . import claims, studies
    from .parts import all_parts
    from .protocol import OPTIMIZERS

    print("profiles")
    for profile in PROFILES.values():
        print(f"  {profile.name:10} {profile.purpose}")
    print(f"parts\n  {', '.join(all_parts())}")
    print("studies")
    for study in studies.ALL:
        print(f"  {study.name:18} {study.title}")
    print("problems (workload/size: training steps T0 per profile)")
    for name in {p.name: None for profile in PROFILES.values() for p in profile.problems}:
        counts = [
            f"{profile.name} {p.steps}"
            for profile in PROFILES.values()
            for p in profile.problems
            if p.name == name
        ]
        print(f"  {name:28} {', '.join(counts)}")
    print("optimizers")
    for optimizer in OPTIMIZERS.values():
        print(f"  {optimizer.id:14} {optimizer.label}")
    print("claims")
    for claim in claims.ALL:
        print(f"  {claim.id}  {claim.sentence}")
    print("figures")
    for path in sorted((Path(__file__).parent / "figures").glob("*.py")):
        if path.stem not in ("__init__", "style", "targets", "bars"):
            print(f"  {path.stem}")
    return 0


def _dry_run(profile, parts, out, options):
    print(f"profile {profile.name}: {', '.join(parts)} into {out}")
    print(
        "would install what is missing and build the release preset"
        if not options.build_dir
        else f"would use the programs in {options.build_dir}"
    )
    if "ranking" in parts:
        counts = [_trials_of(p) for p in profile.problems]
        print(
            f"ranking: {sum(counts)} trials of {len(profile.problems)} problems, more where a best point lies"
            " at an edge"
        )
    if "step" in parts:
        print(f"step: {profile.rounds} rounds of bench_step{_cell_count(profile, options)}")
    if "memory" in parts:
        print("memory: one run of bench_memory")
    print("report: figures, report.md, report.html")
    return 0


def _trials_of(problem):
    """Trials that the ranking of one problem takes, both protocols and the clipped arm."""
    from .protocol import OPTIMIZERS, RATE_FACTORS

    b = problem.budget
    once = b.points + b.finalists * b.finalist_seeds + b.target_seeds + b.test_seeds
    ladder = (len(b.rungs) - 1) * (len(RATE_FACTORS) * b.rate_seeds + b.test_seeds)
    return len(OPTIMIZERS) * ((3 if problem.clipped else 2) * once + ladder)


def _cell_count(profile, options):
    """How many cells a round has, where the programs are built."""
    from .cells import list_cells

    try:
        programs = build.programs_in(options.build_dir or build.default_build_directory())
        count = len(list_cells(programs["bench_step"], profile, profile.step_filter))
    except StudyError:
        return ""
    return f" of {count} cells each"
