"""One run: what was asked into the store, then the report.

Trials come first, as many at once as the machine has cores; what measures time comes after them, alone.
"""

import time

from . import cells, doctor, machine as machines, predictions, studies
