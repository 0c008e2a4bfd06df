"""The command line of `./scripts/study`.

Imports only Python itself until what is missing is installed. Exit codes: 0 done, 1 something failed, 2
usage, 130 interrupted (finished work is kept).
"""

import os
import signal
import sys

from ..errors import StudyError, UsageError
from .parsers import parsed


def _interrupt(number, frame):
    raise KeyboardInterrupt


def main(arguments):
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        options = parsed(arguments)
        return options.run(options)
    except UsageError as error:
        print(f"study: {error} (./scripts/study --help)", file=sys.stderr)
        return 2
    except StudyError as error:
        print(f"study: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("\nstudy: interrupted; finished work is kept, the same command continues", file=sys.stderr)
        return 130
