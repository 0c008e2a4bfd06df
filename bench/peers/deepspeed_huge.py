"""DeepSpeedCPUAdam with tensors in huge pages: see torch_fused_huge."""

import os

os.environ["THP_MEM_ALLOC_ENABLE"] = "1"  # read when PyTorch allocates first

from bench.peers import deepspeed  # noqa: E402


class Peer(deepspeed.Peer):
    title = "DeepSpeedCPUAdam, huge pages"
