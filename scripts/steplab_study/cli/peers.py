"""`./scripts/study peers`: from the command line to DIR/peers.json and its summary."""

import datetime
from pathlib import Path

from ..machine import build
from ..peers.list import peers_named
from ..peers.profiles import profile_named


def run(options):
    """The exit code."""
    profile = profile_named(options.profile)
    chosen = peers_named(options.peer, profile)
    out = Path(options.out) if options.out else build.ROOT / "results" / profile.name
    from ..peers import launch as peers_launch

    directory = options.build_dir or peers_launch.prepare(profile.packages)
    launch = peers_launch.Launch(directory, profile.packages)
    from ..machine.describe import thread_counts
    from ..peers.run import PeersRun  # what it imports may have been among what was missing
    from ..peers.text import lines

    _warn_of_load()
    heading = _heading(launch)
    found = PeersRun(
        profile=profile,
        peers=chosen,
        threads=thread_counts(heading["machine"]),
        directory=out,
        launch=launch,
        lists=launch.lists(),
        heading=heading,
        failed=peers_launch.failed(),
    ).go()
    print("\n".join(lines(found)))
    _report(out)
    return 0


def _warn_of_load():
    """Peers on OpenMP wait at barriers by spinning: beside other busy processes on as many threads as
    there are processors, a step of theirs took up to 2000 times steplab's."""
    from ..machine.checks import OK, System, load
    from ..progress import say

    finding = load(System())
    if finding.word != OK:
        say(f"load {finding.found}: times on all threads will mislead; {finding.advice}")


def _heading(launch):
    from ..machine import describe

    return {
        "date": datetime.date.today().isoformat(),
        "commit": describe.commit(),
        "programs": launch.digest(),
        "machine": describe.hardware(launch.programs),
    }


def _report(out):
    from ..store import exported

    if exported.has_results(out):
        from ..report.write import write_report

        print(f"study: report written to {write_report(out)}")
    else:
        print(f"study: results written to {out / 'peers.json'}; {out} has no store to draw a report from")
