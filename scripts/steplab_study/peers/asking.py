"""What is said to the worker of a peer, and its answers; a Failure where it does not do what it was asked.

A worker that has answered {"ok": false} lives on.
"""

import json

from ..engine.worker import TOLD, Worker, WorkerLost

START_SECONDS = 600  # importing, and building extensions at the first use


class Failure(Exception):
    """Why a worker did not do what it was asked; `offered` is False where the peer has no such rule."""

    def __init__(self, text, offered=True, hung=False):
        super().__init__(text)
        self.offered, self.hung = offered, hung


def start(command, environment=None):
    """(worker, its greeting): what the peer says of itself once it is ready."""
    try:
        worker = Worker(command, environment)
    except WorkerLost as lost:
        raise Failure(str(lost)) from lost
    try:
        greeting = worker.answer(START_SECONDS)
    except WorkerLost as lost:
        raise Failure(f"start: {lost}", hung=lost.hung) from lost
    except BaseException:
        worker.kill()
        raise
    if greeting.get("ready") is not True:
        worker.kill()
        raise Failure(str(greeting.get("error") or f"answered {greeting}")[-TOLD:])
    return worker, greeting


def ask(worker, do, seconds, **more):
    """The answer to one request within `seconds`."""
    try:
        answer = worker.ask({"do": do, **more}, seconds)
    except WorkerLost as lost:
        raise Failure(f"{do}: {lost}", hung=lost.hung) from lost
    if answer.get("ok") is not True:
        text = str(answer.get("error") or f"{do}: answered {json.dumps(answer)}")
        raise Failure(text[-TOLD:], answer.get("offered", True) is not False)
    return answer
