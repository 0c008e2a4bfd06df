"""What there is to ask for, `--list`, and what would run, `--dry-run`."""

from pathlib import Path

from .. import claims, studies
from ..benchmarks.rounds import list_cells
from ..errors import StudyError
from ..machine import build
from ..protocol.profiles import PROFILES
from ..protocol.ranking import OPTIMIZERS, RATE_FACTORS
from .selection import all_parts


def print_list():
    """Profiles, parts, studies, problems, optimizers, claims and figures."""
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
    for path in sorted((Path(__file__).parents[1] / "figures").glob("*.py")):
        if path.stem not in ("__init__", "style", "targets", "bars"):
            print(f"  {path.stem}")


def print_plan(profile, parts, out, options):
    """What a run would do."""
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


def _trials_of(problem):
    """Trials that the ranking of one problem takes, both protocols and the clipped arm."""
    b = problem.budget
    once = b.points + b.finalists * b.finalist_seeds + b.target_seeds + b.test_seeds
    ladder = (len(b.rungs) - 1) * (len(RATE_FACTORS) * b.rate_seeds + b.test_seeds)
    return len(OPTIMIZERS) * ((3 if problem.clipped else 2) * once + ladder)


def _cell_count(profile, options):
    """How many cells a round has, where the programs are built."""
    try:
        programs = build.programs_in(options.build_dir or build.default_build_directory())
        count = len(list_cells(programs["bench_step"], profile, profile.step_filter))
    except StudyError:
        return ""
    return f" of {count} cells each"
