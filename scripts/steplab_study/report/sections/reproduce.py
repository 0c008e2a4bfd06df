"""How to run this again."""

from .blocks import Code, Section, Text


def build(evidence):
    results, machine = evidence.benchmarks, evidence.benchmarks.machine
    return Section("reproduce", "How to reproduce").add(
        Code(
            f"./scripts/study --profile {results.profile}      # installs, builds, measures, writes the"
            " report\n./scripts/study --claim C22            # only what that claim needs"
            "\n./scripts/study report DIR             # draws figures and report again from DIR's"
            " stored results\n./scripts/test                         # proves the variants that were"
            " measured"
        ),
        Text(
            f"steplab {machine.get('version', 'unknown')}. Every sample and trial that this"
            " report rests on is in `store.sqlite` and, compressed JSON lines, in `export/`; the data of each"
            " figure is beside it in `figures/`. Trials are deterministic from their seed for one instruction"
            " set of the workloads; times are not."
        ),
    )
