"""torch_fused with tensors in huge pages, which PyTorch asks for when it is told to and not by itself.

Memory of NumPy and of steplab has them where the system grants them on request ("madvise").
"""

import os

os.environ["THP_MEM_ALLOC_ENABLE"] = "1"  # read when PyTorch allocates first

from bench.peers import torch_fused  # noqa: E402


class Peer(torch_fused.Peer):
    title = "torch fused, huge pages"
