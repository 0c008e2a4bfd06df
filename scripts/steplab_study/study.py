"""One run: the asked parts into the store, then the report."""

import time

from . import cells, machine as machines
from .convergence import Study, protocol_settings, versions_of
from .progress import say
from .report import write_report
from .store import Store, key_of


def run(profile, parts, out, programs, jobs=None):
    """Runs what the store does not have yet, commits each result at once, and writes the report into
    `out`."""
    started = time.monotonic()
    store = Store.open(out)
    try:
        machine = machines.describe(programs)
        settings, versions = {}, None
        if "convergence" in parts:
            versions = versions_of(programs, profile, machine)
            protocol = protocol_settings(profile, versions)
            settings = {"protocol": protocol, "protocol_key": key_of(protocol)}
        number = store.begin_run(profile.name, parts, settings, machine)
        if "step" in parts:
            cells.run_step(store, programs, profile, machine, out)
            _elapsed("step", started)
        if "memory" in parts:
            cells.run_memory(store, programs, profile, machine, out)
            _elapsed("memory", started)
        if "convergence" in parts:
            Study(store, programs, profile, machine, versions, jobs or machines.cores(machine)).run()
            _elapsed("convergence", started)
        store.finish_run(number)
    finally:
        store.close()
    path = write_report(out)
    _elapsed("report", started)
    print(f"study: report written to {path}")


def _elapsed(part, started):
    say(f"{part} done after {time.monotonic() - started:.0f} s")
