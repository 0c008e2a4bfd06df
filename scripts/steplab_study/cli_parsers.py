"""What each command of `./scripts/study` accepts, and its help.

Imports only Python itself, as the command line does.
"""

import argparse

from .errors import UsageError
from .profiles import PROFILES

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
  ./scripts/study compare HEAD~1 HEAD        is a step faster or slower? two commits, or two results folders
  ./scripts/study peers                      steplab beside torch, DeepSpeed, optax and others, in turns
  ./scripts/study findings                   README's summary again, from the committed report's results
  ./scripts/study robustness                 the page of reports/robustness again, from the records there
Running the same command again continues where an interrupted run stopped."""


class _Parser(argparse.ArgumentParser):
    def parse_args(self, arguments):
        options = super().parse_args(arguments)
        for name in ("directory", "out", "build_dir", "claim", "workloads", "markdown", "peer"):
            if getattr(options, name, None) == "":  # a shell variable that is not set, most likely
                raise UsageError(f"{name.replace('_', '-')}: an empty value is not accepted")
        return options

    def error(self, message):
        raise UsageError(message)


def study_parser():
    parser = _Parser(
        prog="./scripts/study",
        description="Measure optimizer steps and write a report.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
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
    return parser


def report_parser():
    parser = _Parser(
        prog="./scripts/study report", description="Draw figures and report again from stored results."
    )
    parser.add_argument("directory", metavar="DIR", help="a folder that ./scripts/study wrote")
    return parser


def findings_parser():
    return _Parser(
        prog="./scripts/study findings",
        description="Compute README's summary again from the committed report's stored results.",
    )


def robustness_parser():
    return _Parser(
        prog="./scripts/study robustness",
        description="Write the page of reports/robustness again from the records beside it.",
    )


def doctor_parser():
    parser = _Parser(
        prog="./scripts/study doctor",
        description="Look for what disturbs timings on this machine. Exit code 1 when one cannot be trusted:"
        " a quota below the threads allowed, stolen time, busy processes, or repeated work that scatters.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--build-dir", metavar="DIR", help="where bench_ceilings is (build/release)")
    return parser


def folder_parser(name, description):
    parser = _Parser(prog=f"./scripts/study {name}", description=description)
    parser.add_argument(
        "directory",
        metavar="DIR",
        nargs="?",
        help="a folder that ./scripts/study wrote (results/quick, else reports/standard)",
    )
    return parser


def claims_parser():
    parser = folder_parser("claims", "Print the claims ledger from stored results.")
    parser.add_argument("--claim", metavar="IDS", help="only these, such as C22,C23")
    return parser


def compare_parser():
    from .compare_command import DESCRIPTION, EXAMPLES, add_options

    return add_options(
        _Parser(
            prog="./scripts/study compare",
            description=DESCRIPTION,
            epilog=EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )


def peers_parser():
    from .peers_command import DESCRIPTION, EXAMPLES, add_options

    return add_options(
        _Parser(
            prog="./scripts/study peers",
            description=DESCRIPTION,
            epilog=EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )
