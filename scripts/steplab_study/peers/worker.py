"""A process that steps as one peer does, asked in JSON lines: what it answers, or a Failure, within a
time limit.

A worker that has failed to answer is killed with whatever it started; one that has answered {"ok": false}
lives on.
"""

import json
import os
import select
import signal
import subprocess
import tempfile
import time

START_SECONDS = 600  # importing, and building extensions at the first use
QUIT_SECONDS = 5
TOLD = 300  # characters of what a worker said that stand in a reason


class Failure(Exception):
    """Why a worker did not do what it was asked; `offered` is False where the peer has no such rule."""

    def __init__(self, text, offered=True, hung=False):
        super().__init__(text)
        self.offered, self.hung = offered, hung


class Worker:
    """`command`: argv; `environment`: what is added to ours."""

    def __init__(self, command, environment=None):
        self._errors = tempfile.TemporaryFile()
        self._unread = b""
        try:
            self._process = subprocess.Popen(
                [str(word) for word in command],
                env={**os.environ, **(environment or {})},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                start_new_session=True,  # an interrupt is ours to handle; and all that it starts ends with it
            )
        except OSError as error:
            raise Failure(f"'{command[0]}' does not start: {error.strerror}") from error
        self.alive = True
        try:
            self.greeting = self._answer("start", START_SECONDS)
        except BaseException:
            self.kill()
            raise
        if self.greeting.get("ready") is not True:
            self.kill()
            raise Failure(str(self.greeting.get("error") or f"answered {self.greeting}")[-TOLD:])

    def ask(self, do, seconds, **more):
        """The answer to one request within `seconds`."""
        try:
            self._process.stdin.write(json.dumps({"do": do, **more}).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            self._end(do)
        answer = self._answer(do, seconds)
        if answer.get("ok") is not True:
            text = str(answer.get("error") or f"{do}: answered {json.dumps(answer)}")
            raise Failure(text[-TOLD:], answer.get("offered", True) is not False)
        return answer

    def close(self):
        """Let it end by itself; what does not is killed."""
        if not self.alive:
            return
        try:
            self._process.stdin.close()
            self._process.wait(QUIT_SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            pass
        self.kill()

    def kill(self):
        """At once, with all that it started."""
        self.alive = False
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()
        self._process.stdout.close()

    def _answer(self, do, seconds):
        line = self._line(do, time.monotonic() + seconds, seconds)
        try:
            found = json.loads(line)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            self.kill()
            raise Failure(f"{do}: answered no JSON object: {line[:TOLD].decode(errors='replace').strip()!r}")
        return found

    def _line(self, do, until, seconds):
        stream = self._process.stdout.fileno()
        while b"\n" not in self._unread:
            ready, _, _ = select.select([stream], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                self.kill()
                raise Failure(f"{do}: no answer within {seconds:.0f} s", hung=True)
            piece = os.read(stream, 1 << 16)
            if not piece:
                self._end(do)
            self._unread += piece
        line, _, self._unread = self._unread.partition(b"\n")
        return line

    def _end(self, do):
        """Raises: it has ended."""
        try:
            code = self._process.wait(QUIT_SECONDS)
        except subprocess.TimeoutExpired:
            code = None  # it closed its output only
        self.kill()
        ended = f"signal {signal.Signals(-code).name}" if code and code < 0 else f"exit code {code}"
        raise Failure(f"{do}: the process ended ({ended}){self._said()}")

    def _said(self):
        """The last line that it wrote to stderr."""
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - 4096))
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return f": {lines[-1][-TOLD:]}" if lines else ""
