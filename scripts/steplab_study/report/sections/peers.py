"""Beside other programs: NumPy's form of Adam, and PyTorch where it is installed."""

from ...statistics.intervals import median_interval
from ...studies import numpy_form, torch_steps
from ...wording.labels import count_label
from ...wording.numbers import grouped, interval, listing, number, plural, seconds, verdict
from .blocks import Figure, Items, Section, Table, Text, claim_sentence, not_run

_TITLE = "Beside other programs"
_STUDIES = (numpy_form.name, torch_steps.name)


def build(evidence):
    forms, steps = evidence.outcome(numpy_form.name), evidence.outcomes(torch_steps.name)
    if forms is None and not steps:
        return not_run("peers", _TITLE, numpy_form.name)
    section = Section("peers", _TITLE)
    if forms is not None:
        section.add(Text(_forms_text(forms)), Figure("numpy_form"), _forms_table(forms))
    if steps:
        floor = evidence.benchmarks.smallest_difference() or 0.0
        section.add(Text(_steps_text(steps, floor)), _steps_table(steps))
    elif not evidence.context.peers:
        section.add(Text("PyTorch was not installed to stand beside: `./scripts/setup --peers` does so."))
    told = tuple(claim_sentence(c, v) for c, v in evidence.ledger if set(c.needs) & set(_STUDIES))
    return section.add(Items(told)) if told else section


def _forms_text(outcome):
    """The speed of each compiled form with one thread, as a sentence."""
    found = {}
    for cell in numpy_form.ratios(outcome):
        if cell["threads"] == 1:
            found.setdefault(cell["form"], []).append(cell["ratio"].value)
    told = listing(
        f"{_named(form, outcome)} {_span(values)} times"
        for form, values in found.items()
    )
    sizes = outcome["sizes"]
    return (
        "An Adam step that allocates an array for every operation, in"
        f" {_named(numpy_form.NUMPY, outcome)}, against compiled ones with one thread,"
        f" {count_label(sizes[0])} to {count_label(sizes[-1])} parameters: {told} as fast."
    )


def _span(values):
    low, high = number(min(values)), number(max(values))
    return low if low == high else f"{low} to {high}"


def _named(form, outcome):
    return f"{form} {outcome['versions'][form]}"


def _forms_table(outcome):
    ratios = {(c["form"], c["threads"], c["n"]): c["ratio"] for c in numpy_form.ratios(outcome)}
    columns = list(dict.fromkeys((form, threads) for form, threads, _ in ratios))
    rows = tuple(
        (
            grouped(n),
            seconds(median_interval(outcome["seconds"][numpy_form.NUMPY]["1"][str(n)])),
            *(interval(ratios[form, threads, n]) for form, threads in columns),
        )
        for n in outcome["sizes"]
    )
    headers = ("parameters", "NumPy's step", *(f"{form}, {plural(t, 'thread')}" for form, t in columns))
    caption = (
        "Times as fast as NumPy's form of Adam, which runs in one thread: ratios of the same round, 95 %."
    )
    return Table(headers, rows, caption)


def _steps_text(outcomes, floor):
    """In how many models a training step takes less or more time than PyTorch's."""
    told = []
    for label in torch_steps.OPTIMIZERS:
        ratios = [torch_steps.ratios(outcome).get(label) for outcome in outcomes.values()]
        words = [verdict(ratio, "faster", "slower", floor) for ratio in ratios]
        counts = listing(f"{word} at {words.count(word)}" for word in dict.fromkeys(words))
        values = [ratio.value for ratio in ratios if ratio is not None]
        span = f" ({_span(values)} × its time)" if values else ""
        told.append(f"with {label}'s AdamW {counts} of {plural(len(words), 'model')}{span}")
    return (
        "**A whole training step of steplab, against PyTorch's eager one of the same model, batch and thread,"
        f" is {listing(told)}.**"
    )


def _steps_table(outcomes):
    rows = []
    for name, outcome in outcomes.items():
        ratios = torch_steps.ratios(outcome)
        times = [seconds(median_interval(samples)) for samples in outcome["seconds"].values()]
        parameters = outcome["parameters"][torch_steps.STEPLAB]
        rows.append(
            (name, grouped(parameters), *times, *(interval(ratios.get(o)) for o in torch_steps.OPTIMIZERS))
        )
    labels = (torch_steps.STEPLAB, *torch_steps.OPTIMIZERS)
    headers = ("model", "parameters", *labels, *(f"steplab ÷ {label}" for label in torch_steps.OPTIMIZERS))
    caption = "Seconds of one training step with AdamW, one thread; ratios of the same round, 95 %."
    return Table(headers, tuple(rows), caption)
