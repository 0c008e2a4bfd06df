"""Progress on stderr: a tqdm bar on a terminal; elsewhere a plain line now and then, so that logs stay
readable."""

import sys
import time

from tqdm import tqdm

PLAIN_SECONDS = 20


class Bar:
    """`with Bar(total, title, unit) as bar: bar.update()`; `done` items count as finished from the start.

    A total of None grows by `expect()`.
    """

    def __init__(self, total, title, unit, done=0):
        self._total, self._title, self._unit, self._count = total or 0, title, unit, done
        self._start = self._last = time.monotonic()
        self._bar = None
        if sys.stderr.isatty():
            self._bar = tqdm(total=total, desc=title, unit=unit, initial=done, mininterval=0.5)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if self._bar is not None:
            self._bar.close()
        elif kind is None and self._total:
            self._line()

    def expect(self, count=1):
        """`count` more items will come."""
        self._total += count
        if self._bar is not None:
            self._bar.total = self._total

    def update(self):
        self._count += 1
        if self._bar is not None:
            self._bar.update()
        elif time.monotonic() - self._last > PLAIN_SECONDS:
            self._line()

    def _line(self):
        self._last = time.monotonic()
        say(f"{self._title}: {self._count} of {self._total} {self._unit}s, {self._last - self._start:.0f} s")


def say(text):
    """A line beside the bars."""
    tqdm.write(f"study: {text}", file=sys.stderr)
    sys.stderr.flush()
