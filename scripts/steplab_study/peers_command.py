"""`./scripts/study peers`: from the command line to DIR/peers.json and its summary."""

import datetime
import textwrap
from pathlib import Path

from . import build
from .peers_list import ALL, BASE, peers_named
from .peers_profiles import PROFILES, profile_named

DESCRIPTION = """Measure steplab beside what people would use instead: each in a process of its own, on the
same data, in turns, so that ratios of a round hold whatever else the machine does. First each result is
compared with steplab's; what differs, other than by design, is not timed. Writes DIR/peers.json, and DIR's
report again where DIR has results of ./scripts/study."""
_PROFILES = "\n".join(f"  {profile.name:10} {profile.purpose}" for profile in PROFILES.values())
_PEERS = textwrap.fill(", ".join(peer.name for peer in ALL), 100, initial_indent="  ", subsequent_indent="  ")
EXAMPLES = f"""profiles:
{_PROFILES}
peers:
{_PEERS}
examples:
  ./scripts/study peers                             the quick profile into results/quick
  ./scripts/study peers --profile standard --out results/mine
  ./scripts/study peers --peer torch_fused,deepspeed    these and {BASE} alone
Packages of PyPI are installed into build/peers, some GB; one that cannot be is reported, and the rest runs.
Running the same command again continues where an interrupted run stopped."""


def add_options(parser):
    parser.add_argument("--profile", default="quick", metavar="NAME", help=f"{', '.join(PROFILES)} (quick)")
    parser.add_argument("--out", metavar="DIR", help="folder of peers.json (results/<profile>)")
    parser.add_argument("--peer", metavar="NAMES", help=f"only these, comma-separated, and {BASE}")
    parser.add_argument(
        "--build-dir", metavar="DIR", help="use these built programs; install and compile nothing"
    )
    return parser


def run(options):
    """The exit code."""
    profile = profile_named(options.profile)
    chosen = peers_named(options.peer, profile)
    out = Path(options.out) if options.out else build.ROOT / "results" / profile.name
    from . import peers_launch

    directory = options.build_dir or peers_launch.prepare(profile.packages)
    launch = peers_launch.Launch(directory, profile.packages)
    from .machine import thread_counts
    from .peers_study import PeersRun  # what it imports may have been among what was missing
    from .peers_text import lines

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
    from .machine_checks import OK, System, load
    from .progress import say

    finding = load(System())
    if finding.word != OK:
        say(f"load {finding.found}: times on all threads will mislead; {finding.advice}")


def _heading(launch):
    from . import machine

    return {
        "date": datetime.date.today().isoformat(),
        "commit": machine.commit(),
        "programs": launch.digest(),
        "machine": machine.hardware(launch.programs),
    }


def _report(out):
    from .store import FILE_NAME

    if (out / FILE_NAME).is_file():
        from .report import write_report

        print(f"study: report written to {write_report(out)}")
    else:
        print(f"study: results written to {out / 'peers.json'}; {out} has no store to draw a report from")
