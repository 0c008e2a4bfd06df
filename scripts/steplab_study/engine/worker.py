"""A process that is asked in JSON lines: what it answers, or WorkerLost, within a time limit.

A worker that has failed to answer is killed with whatever it started.
"""

import json
import os
import select
import signal
import subprocess
import tempfile
import time

QUIT_SECONDS = 5
TOLD = 300  # characters of what a worker said that stand in a reason


class WorkerLost(Exception):
    """Why there is no answer; `hung` where it took too long."""

    def __init__(self, text, hung=False):
        super().__init__(text)
        self.hung = hung


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
            raise WorkerLost(f"'{command[0]}' does not start: {error.strerror}") from error
        self.alive = True

    def ask(self, request, seconds):
        """The object that it answers to one request within `seconds`."""
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            self._end()
        return self.answer(seconds)

    def answer(self, seconds):
        """The next object that it says, asked or not."""
        line = self._line(time.monotonic() + seconds, seconds)
        try:
            found = json.loads(line)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            self.kill()
            raise WorkerLost(f"answered no JSON object: {line[:TOLD].decode(errors='replace').strip()!r}")
        return found

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
        self.interrupt()
        self._process.wait()
        self._process.stdout.close()

    def interrupt(self):
        """From another thread: whoever waits for an answer loses the worker now."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def _line(self, until, seconds):
        stream = self._process.stdout.fileno()
        pieces = [self._unread]
        while b"\n" not in pieces[-1]:
            ready, _, _ = select.select([stream], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                self.kill()
                raise WorkerLost(f"no answer within {seconds:.0f} s", hung=True)
            pieces.append(os.read(stream, 1 << 16))
            if not pieces[-1]:
                self._end()
        line, _, self._unread = b"".join(pieces).partition(b"\n")
        return line

    def _end(self):
        """Raises: it has ended."""
        try:
            code = self._process.wait(QUIT_SECONDS)
        except subprocess.TimeoutExpired:
            code = None  # it closed its output only
        self.kill()
        ended = f"signal {signal.Signals(-code).name}" if code and code < 0 else f"exit code {code}"
        raise WorkerLost(f"the process ended ({ended}){self._said()}")

    def _said(self):
        """The last line that it wrote to stderr."""
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - 4096))
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return f": {lines[-1][-TOLD:]}" if lines else ""
