"""`./scripts/study export` and `import`: what of a results folder is committed, and the way back.

The report needs what the plans of the latest run ask for: what no plan asks for is left out, and of a trial
that is asked for a crossing alone (tuning/quadratic_grid.py) only the evaluations around it are kept. The
store keeps whole trials: another target tomorrow costs nothing there.
"""

from .. import studies
from ..engine.requests import Crossings, Freeze, NotDone, crossing_of, replay
from ..evidence import opened
from ..peers import json_file
from ..store import export as exports, exported
from ..store.store import key_of
from ..trials.read import near_crossing


def export(directory):
    """Writes DIR/export; its path."""
    with opened(directory) as evidence:
        store, requests = evidence.store, _requests(evidence)
        frozen = {r.name for r in requests if isinstance(r, Freeze)} & set(store.frozen_names())
        files = exports.files_of(store, list(_results(requests, store)), frozen)
    peers = json_file.content_of(directory)
    if peers is not None:
        files[json_file.EXPORTED] = exports.packed(peers)
    return exports.write(directory, files)


def restore(directory):
    """Writes DIR/store.sqlite and DIR/peers.json; the store's path."""
    peers = json_file.exported_content(directory)
    path = exported.restore(directory)
    if peers is not None:
        (directory / json_file.FILE_NAME).write_bytes(peers)
    return path


def _requests(evidence):
    """What the plans ask for, as far as they get."""
    found = []
    for study in studies.ALL:
        for plan in study.plans(evidence.context).values():
            try:
                replay(plan, evidence.store, found.append)
            except NotDone:
                continue
    return found


def _results(requests, store):
    """(configuration, result, commit) of everything asked for that is there, each once."""
    written = set()
    for request in sorted(requests, key=lambda r: isinstance(r, Crossings)):  # whole trials first
        for config in () if isinstance(request, Freeze) else request:
            if key_of(config) in written:
                continue
            config, *found = _kept(config, request, store)
            if found[0] is not None and key_of(config) not in written:
                written.add(key_of(config))
                yield (config, *found)


def _kept(config, request, store):
    """(configuration, result, commit) as an export has it."""
    result, commit = store.result_and_commit(config)
    if isinstance(request, Crossings):
        short = crossing_of(config, request.target)
        if result is None:
            return (short, *store.result_and_commit(short))
        return short, near_crossing(result, request.target * result["validation_loss"][0]), commit
    if result is not None and config["kind"] == "train":
        result.pop("seconds", None)  # of a trial beside others: nobody reads it
    return config, result, commit
