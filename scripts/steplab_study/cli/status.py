"""What a results folder has and lacks: `study status` and `study claims`."""

from .. import claims, studies
from ..engine.requests import NotDone, replay
from ..evidence import opened
from ..wording.numbers import plural


def status_lines(directory):
    """A line for each benchmark and plan: done, or what it waits for."""
    with opened(directory) as evidence:
        store = evidence.store
        yield f"profile {evidence.context.profile.name}, {plural(store.result_count(), 'result')}"
        rounds = store.latest_batches("bench_step")
        yield f"step: {len(rounds)} of {evidence.context.profile.rounds} rounds"
        memory = bool(store.latest_batches("bench_memory"))
        yield f"memory: {'done' if memory else 'not run'}"
        for study in studies.ALL:
            plans = study.plans(evidence.context)
            if not plans:
                yield f"{study.name}: not in this profile"
            for key, plan in plans.items():
                yield f"{study.name}: {key}: {_state(plan, store)}"


def _state(plan, store):
    try:
        replay(plan, store)
        return "done"
    except NotDone as missing:
        return f"waits for {missing}"


def claim_lines(directory, chosen=None):
    """The ledger as text: id, verdict, sentence, headline, what was measured."""
    with opened(directory) as evidence:
        counts = {}
        for claim in chosen or claims.ALL:
            verdict = claims.judge(claim, evidence)
            counts[verdict.word] = counts.get(verdict.word, 0) + 1
            yield f"{claim.id}  {verdict.word.upper()}{verdict.condition}: {claim.sentence}"
            yield f"     {verdict.headline}"
            yield f"     {verdict.text}"
            yield from (f"     {label}: {word}" for label, word in verdict.statements)
        yield ", ".join(f"{count} {word}" for word, count in counts.items())
