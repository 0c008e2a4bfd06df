"""What each command of `./scripts/study` does: its exit code.

Imports only Python itself until what is missing is installed, and then what the command needs.
"""

from pathlib import Path

from ..errors import UsageError
from ..machine import build
from ..protocol.profiles import profile_named

_MOST_JOBS = 1024  # each is a process


def report(options):
    from ..report.write import write_report

    print(f"study: report written to {write_report(options.directory, options.png)}")
    return 0


def export(options):
    from .export import export

    print(f"study: export written to {export(Path(options.directory))}")
    return 0


def import_(options):
    from .export import restore

    print(f"study: store written to {restore(Path(options.directory))}")
    return 0


def findings(_):
    from ..report.readme import update

    print(f"study: README.md summarises {update(build.ROOT)}")
    return 0


def robustness(_):
    from ..robustness import update

    print(f"study: page written to {update(build.ROOT)}")
    return 0


def doctor(options):
    import json

    from ..machine import doctor

    folder = Path(options.build_dir) if options.build_dir else build.default_build_directory()
    findings = doctor.examine(ceilings=folder / "bin" / "bench_ceilings")
    if options.json:
        print(json.dumps(doctor.as_json(findings), indent=1))
    else:
        print("\n".join(doctor.lines(findings)))
    return 0 if doctor.trusted(findings) else 1


def _folder(given):
    """The folder that was named, else the first of the usual ones that has results."""
    from ..store import exported

    usual = [build.ROOT / "results" / "quick", build.ROOT / "reports" / "standard"]
    return Path(given) if given else next(filter(exported.has_results, usual), usual[0])


def status(options):
    from .status import status_lines

    for line in status_lines(_folder(options.directory)):
        print(line)
    return 0


def claims(options):
    from .selection import claims_named
    from .status import claim_lines

    chosen = claims_named(options.claim) if options.claim else None
    for line in claim_lines(_folder(options.directory), chosen):
        print(line)
    return 0


def compare(options):
    from .compare import run

    return run(options)


def peers(options):
    from .peers import run

    return run(options)


def study(options):
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
    from .listing import print_list, print_plan
    from .selection import all_parts, claims_named, parts_named, parts_of

    if options.list:
        print_list()
        return 0
    parts = all_parts()
    if options.only is not None:
        parts = parts_named(options.only)
    elif options.claim:
        parts = parts_of(claims_named(options.claim))
    workloads = tuple(w.strip() for w in options.workloads.split(",")) if options.workloads else ()
    out = Path(options.out) if options.out else build.ROOT / "results" / profile.name
    if options.dry_run:
        print_plan(profile, parts, out, options)
        return 0
    if not options.build_dir:
        programs = build.build()
    from .run import run

    run(profile, parts, out, programs, options.jobs, workloads)
    return 0
