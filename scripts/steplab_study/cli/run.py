"""One run: what was asked into the store, then the report.

Trials come first, as many at once as the machine has cores; what measures time comes after them, alone.
"""

import time

from .. import studies
from ..benchmarks import predictions, rounds
from ..engine.driver import Driver
from ..engine.executor import LocalExecutor
from ..errors import StudyError
from ..machine import describe as machines, doctor
from ..progress import say
from ..report.write import write_report
from ..store import exported
from ..store.store import FILE_NAME, Store
from ..trials.configuration import context_of, settings_of

BENCHES = {"step": predictions.run_step, "memory": rounds.run_memory}

DOCTOR_SECONDS = 0.25  # of each look: enough to see a busy neighbour; `study doctor` looks longer


def run(profile, parts, out, programs, jobs=None, workloads=()):
    """Runs what the store does not have yet, commits results once a second, and writes the report into
    `out`.

    `parts`: names of benchmarks and studies. StudyError at the end when a study could not be run.
    """
    started = time.monotonic()
    if exported.has_export(out) and not (out / FILE_NAME).exists():
        say(f"{exported.restore(out)} rebuilt from its export")
    store = Store.open(out)
    failed = {}
    try:
        machine = machines.describe(programs)
        store.made_by = machines.commit()
        context = context_of(programs, profile, machine, machines.digest(programs["steplab"]), workloads)
        number = store.begin_run(profile.name, parts, settings_of(context), machine)
        chosen = [s for s in studies.ALL if s.name in parts]
        failed |= _run_studies(
            [s for s in chosen if not s.quiet],
            context,
            store,
            programs,
            jobs or machines.cores(machine),
            "trials",
        )
        if "step" in parts or any(s.quiet for s in chosen):
            say(doctor.summary(doctor.examine(seconds=DOCTOR_SECONDS)))
        for part, bench in BENCHES.items():
            if part in parts:
                bench(store, programs, profile, machine)
                say(f"{part} done after {time.monotonic() - started:.0f} s")
        for quiet in (s for s in chosen if s.quiet):
            failed |= _run_studies([quiet], context, store, programs, 1, quiet.name.replace("_", " "))
        store.finish_run(number)
    finally:
        store.close()
    path = write_report(out)
    print(f"study: report written to {path} after {time.monotonic() - started:.0f} s")
    if failed:
        reasons = {}
        for plan, error in failed.items():
            reasons.setdefault(error, []).append(plan)
        told = "".join(f"\n  {error}\n    not run: {'; '.join(plans)}" for error, plans in reasons.items())
        raise StudyError(f"the report is written, but some of the study could not be run:{told}")


def _run_studies(chosen, context, store, programs, workers, title):
    """{plan: error} of the plans that could not be run."""
    plans = {f"{s.name}: {key}": plan for s in chosen for key, plan in s.plans(context).items()}
    if not plans:
        return {}
    with LocalExecutor(programs, workers, shuffled=any(s.quiet for s in chosen)) as executor:
        driver = Driver(store, executor, title)
        driver.run(plans)
    return driver.failed
