"""Optimizer steps on CPUs: SGD, Adam and AdamW, fused, vectorised and multithreaded.

    import numpy as np, steplab
    w = np.zeros(1000, np.float32)
    opt = steplab.AdamW([w], lr=0.05)
    opt.step([w - 1])

``steplab.SGD``, ``Adam`` and ``AdamW`` work on lists of arrays (NumPy, or PyTorch tensors in CPU memory), in
place and without copies. ``steplab.torch`` (imported on its own, with PyTorch installed) has drop-ins for
``torch.optim``. Every kernel and number of threads gives the same bits. ``python -m steplab`` prints what
this machine offers.
"""

from steplab._steplab import (
    AllocationError,
    Error,
    FileError,
    InvalidArgument,
    NonfiniteGradient,
    __version__,
    info,
)
from steplab.arrays import SGD, Adam, AdamW, Optimizer
from steplab.options import Options, StepResult

__all__ = [
    "SGD",
    "Adam",
    "AdamW",
    "AllocationError",
    "Error",
    "FileError",
    "InvalidArgument",
    "NonfiniteGradient",
    "Optimizer",
    "Options",
    "StepResult",
    "__version__",
    "info",
]
