"""How much faster is a compiled Adam than the form that allocates an array for every operation?

NumPy's form beside steplab and, where it is installed, PyTorch (default and fused), at sizes from 100 on,
with one thread and with all. Rounds take each of them once, one after the other, so that a slow moment
meets all; ratios are of the same round.
"""

from ..statistics.intervals import paired_ratio

name, title, quiet = "numpy_form", "NumPy's form of Adam against compiled ones", True

BUDGETS = {  # rounds of a process each: about 5 s without PyTorch, 12 s with it; with 1e8 three times that
    "smoke": None,
    "quick": {"rounds": 5, "largest": 10**7, "min_time": 0.03},
    "standard": {"rounds": 7, "largest": 10**8, "min_time": 0.05},
    "full": {"rounds": 15, "largest": 10**8, "min_time": 0.1},
}
CLAIMED = (10, 50)  # how many times as fast claim C11 says that a framework's step is
NUMPY, STEPLAB, TORCH, FUSED = "NumPy", "steplab", "PyTorch", "PyTorch fused"
FRAMEWORKS = (TORCH, FUSED)
LABELS = {  # {kind: {its form: label}}
    "adam_numpy": {"default": NUMPY},
    "adam_steplab": {"default": STEPLAB},
    "adam_torch": {"default": TORCH, "fused": FUSED},
}


def plans(context):
    budget = BUDGETS.get(context.profile.name)
    return {"adam": _plan(context, budget)} if budget else {}


def sizes_up_to(largest):
    return [10**power for power in range(2, 9) if 10**power <= largest]


def _plan(context, budget):
    sizes = sizes_up_to(budget["largest"])
    kinds = ["adam_numpy", "adam_steplab"] + (["adam_torch"] if "torch" in context.peers else [])
    seconds, versions = {}, {}
    for number in range(budget["rounds"]):
        results = yield [
            context.timed(kind, number, sizes=sizes, min_time=budget["min_time"], **_peer(kind, context))
            for kind in kinds
        ]
        for kind, result in zip(kinds, results):
            for form, label in LABELS[kind].items():
                versions[label] = result["version"]
                _add(seconds.setdefault(label, {}), result[form])
    return {"sizes": sizes, "versions": versions, "seconds": seconds}


def _peer(kind, context):
    """What enters the key of a configuration besides: which PyTorch it was."""
    return {"torch": context.peers["torch"]} if kind == "adam_torch" else {}


def _add(seconds, round_of):
    """One round of {threads: {n: s}} to {threads: {n: [s, one a round]}}."""
    for threads, cells in round_of.items():
        for n, taken in cells.items():
            seconds.setdefault(threads, {}).setdefault(n, []).append(taken)


def ratios(outcome, level=0.95):
    """[{"form", "threads", "n", "ratio"}]: seconds of NumPy's form, which has one thread, ÷ those of a
    compiled one, paired by round."""
    slow = outcome["seconds"][NUMPY]["1"]
    return [
        {
            "form": form,
            "threads": int(threads),
            "n": n,
            "ratio": paired_ratio(slow[str(n)], cells[str(n)], level),
        }
        for form, by_threads in outcome["seconds"].items()
        if form != NUMPY
        for threads, cells in sorted(by_threads.items(), key=lambda item: int(item[0]))
        for n in outcome["sizes"]
    ]
