"""What each command of `./scripts/study` accepts, and its help.

Imports only Python itself, as the command line does.
"""

import argparse
import textwrap

from ..errors import UsageError
from ..peers import list as peers_list, profiles as peers_profiles
from ..protocol.profiles import PROFILES
from . import actions

_EXAMPLES = """examples:
  ./scripts/study                            the quick profile into results/quick, with its report
  ./scripts/study --profile standard --out results/mine
  ./scripts/study --only step,memory         parts of it; what is not run stays as it was stored
  ./scripts/study --claim C22                only what that claim needs
  ./scripts/study --workloads mlp,quadratic  trials of these workloads only
  ./scripts/study --dry-run                  what would run, without running it
  ./scripts/study doctor                     is this machine quiet enough, and what would help
  ./scripts/study status results/quick       what is done and what is not
  ./scripts/study claims --claim C22         the ledger, or one claim, from stored results
  ./scripts/study report results/quick       figures and report again, from stored results alone
  ./scripts/study export results/mine        what of its results is committed, from which all of these read
  ./scripts/study import reports/standard    its store again, from its export
  ./scripts/study compare HEAD~1 HEAD        is a step faster or slower? two commits, or two results folders
  ./scripts/study peers                      steplab beside torch, DeepSpeed, optax and others, in turns
  ./scripts/study findings                   README's summary again, from the committed report's results
  ./scripts/study robustness                 the page of reports/robustness again, from the records there
Running the same command again continues where an interrupted run stopped."""
_DOCTOR = (
    "Look for what disturbs timings on this machine. Exit code 1 when one cannot be trusted:"
    " a quota below the threads allowed, stolen time, busy processes, or repeated work that scatters."
)
_COMPARE = """Say of every cell of bench_step whether B is faster or slower than A, the same, or undecided.
A and B are two results folders, whose stored samples are compared, or two git commits, which are built
(release preset, into build/compare) and run in turns. A name that is both is taken as the folder."""
_COMPARE_EXAMPLES = """examples:
  ./scripts/study compare HEAD~1 HEAD --filter 'adamw/xsimd'
  ./scripts/study compare v0.1 main --profile standard --rounds 15 --markdown change.md
  ./scripts/study compare results/before results/after --json
An interrupted comparison keeps its finished rounds, and the same command continues.
Exit code 0, whatever was found; 1 with --fail-on-slower when a cell is slower; 2 for wrong usage."""
_PEERS = """Measure steplab beside what people would use instead: each in a process of its own, on the
same data, in turns, so that ratios of a round hold whatever else the machine does. First each result is
compared with steplab's; what differs, other than by design, is not timed. Writes DIR/peers.json, and DIR's
report again where DIR has results of ./scripts/study."""
_PEER_PROFILES = "\n".join(f"  {p.name:10} {p.purpose}" for p in peers_profiles.PROFILES.values())
_PEER_NAMES = textwrap.fill(
    ", ".join(peer.name for peer in peers_list.ALL), 100, initial_indent="  ", subsequent_indent="  "
)
_PEERS_EXAMPLES = f"""profiles:
{_PEER_PROFILES}
peers:
{_PEER_NAMES}
examples:
  ./scripts/study peers                             the quick profile into results/quick
  ./scripts/study peers --profile standard --out results/mine
  ./scripts/study peers --peer torch_fused,deepspeed    these and {peers_list.BASE} alone
Packages of PyPI are installed into build/peers, some GB; one that cannot be is reported, and the rest runs.
Running the same command again continues where an interrupted run stopped."""


_REPORT_EXAMPLES = """examples:
  ./scripts/study report results/quick         from its store, or where there is none from its export
  ./scripts/study report results/quick --png   each figure as PNG beside its SVG and data"""
_EXPORT = """Write DIR/export from DIR/store.sqlite and DIR/peers.json: what the report of the latest run
needs, as sorted JSON lines, xz-compressed. The same results give the same bytes. Of trials that are read for
one crossing of a loss only that is kept."""
_EXPORT_EXAMPLES = """examples:
  ./scripts/study export results/mine
  xz -dc results/mine/export/trials-mlp.jsonl.xz | head -n 1     one trial: configuration, result, commit
report, claims, status, findings and compare read an export where there is no store."""
_IMPORT = """Write DIR/store.sqlite and DIR/peers.json from DIR/export, so that a study can go on from there.
A store that has results which the export lacks is left as it is."""
_IMPORT_EXAMPLES = """examples:
  ./scripts/study import reports/standard
  ./scripts/study --profile standard --out reports/standard     goes on from there; imports by itself"""


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        raise UsageError(message)


def parsed(arguments):
    """The options of a command line, with `run`: the action that takes them. Without a command it is the
    study."""
    options = _parser().parse_args(arguments)
    if options.command and options.command != arguments[0]:
        raise UsageError(
            f"'{options.command}' is a command and comes first: ./scripts/study {options.command} --help"
        )
    for name in ("directory", "out", "build_dir", "claim", "workloads", "markdown", "peer"):
        if getattr(options, name, None) == "":  # a shell variable that is not set, most likely
            raise UsageError(f"{name.replace('_', '-')}: an empty value is not accepted")
    return options


def _parser():
    parser = _Parser(
        prog="./scripts/study",
        description="Measure optimizer steps and write a report.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_study_options(parser)
    parser.set_defaults(run=actions.study)
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", prog="./scripts/study", help="one of those below (the study)"
    )

    def add(action, description, **more):
        command = commands.add_parser(action.__name__.rstrip("_"), description=description, **more)
        command.set_defaults(run=action)
        return command

    as_written = {"formatter_class": argparse.RawDescriptionHelpFormatter}
    drawn = "Draw figures and report again from stored results."
    report = add(actions.report, drawn, epilog=_REPORT_EXAMPLES, **as_written)
    _add_folder(report)
    report.add_argument("--png", action="store_true", help="write figures as PNG too (SVG and JSON alone)")
    _add_folder(add(actions.export, _EXPORT, epilog=_EXPORT_EXAMPLES, **as_written))
    _add_folder(add(actions.import_, _IMPORT, epilog=_IMPORT_EXAMPLES, **as_written))
    add(actions.findings, "Compute README's summary again from the committed report's stored results.")
    add(actions.robustness, "Write the page of reports/robustness again from the records beside it.")
    _add_doctor_options(add(actions.doctor, _DOCTOR))
    _add_usual_folder(add(actions.status, "Print what a results folder has and lacks."))
    claims = add(actions.claims, "Print the claims ledger from stored results.")
    _add_usual_folder(claims)
    claims.add_argument("--claim", metavar="IDS", help="only these, such as C22,C23")
    _add_compare_options(add(actions.compare, _COMPARE, epilog=_COMPARE_EXAMPLES, **as_written))
    _add_peers_options(add(actions.peers, _PEERS, epilog=_PEERS_EXAMPLES, **as_written))
    return parser


def _add_study_options(parser):
    parser.add_argument(
        "--profile", default="quick", metavar="NAME", help=f"how much to run: {', '.join(PROFILES)}"
    )
    parser.add_argument("--only", metavar="PARTS", help="comma-separated parts (all): --list shows them")
    parser.add_argument("--claim", metavar="IDS", help="only what these claims need, such as C22,C23")
    parser.add_argument("--workloads", metavar="NAMES", help="trials of these workloads only")
    parser.add_argument("--out", metavar="DIR", help="folder of results and report (results/<profile>)")
    parser.add_argument(
        "--list", action="store_true", help="print profiles, parts, problems, optimizers, claims and figures"
    )
    parser.add_argument("--dry-run", action="store_true", help="print what would run")
    parser.add_argument(
        "--jobs", type=int, metavar="N", help="trials at once (the threads this machine allows)"
    )
    parser.add_argument(
        "--build-dir", metavar="DIR", help="use these built programs; install and compile nothing"
    )


def _add_folder(parser):
    parser.add_argument("directory", metavar="DIR", help="a folder that ./scripts/study wrote")


def _add_usual_folder(parser):
    parser.add_argument(
        "directory",
        metavar="DIR",
        nargs="?",
        help="a folder that ./scripts/study wrote (results/quick, else reports/standard)",
    )


def _add_doctor_options(parser):
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--build-dir", metavar="DIR", help="where bench_ceilings is (build/release)")


def _add_compare_options(parser):
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


def _add_peers_options(parser):
    known = ", ".join(peers_profiles.PROFILES)
    parser.add_argument("--profile", default="quick", metavar="NAME", help=f"{known} (quick)")
    parser.add_argument("--out", metavar="DIR", help="folder of peers.json (results/<profile>)")
    parser.add_argument("--peer", metavar="NAMES", help=f"only these, comma-separated, and {peers_list.BASE}")
    parser.add_argument(
        "--build-dir", metavar="DIR", help="use these built programs; install and compile nothing"
    )
