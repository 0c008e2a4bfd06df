"""DeepSpeedCPUAdam: Adam and AdamW in AVX-512 or AVX2 with OpenMP; what ZeRO-Offload steps with.

DeepSpeed compiles it on first use, with the compiler and flags that it chooses (-march=native). A tensor
is swept by a call of its own. Decay shrinks the parameter of before the step; eps is added to √v / √(1 −
β₂ᵗ). β₁ᵗ and β₂ᵗ are products in float32. There is no SGD.
"""

import os

os.environ.setdefault("DS_ACCELERATOR", "cpu")

from deepspeed.ops.adam import DeepSpeedCPUAdam  # noqa: E402
from deepspeed.ops.op_builder import CPUAdamBuilder  # noqa: E402

from bench.peers import rules  # noqa: E402
from bench.peers._torch import TorchPeer, hyper  # noqa: E402


class Peer(TorchPeer):
    title = "DeepSpeedCPUAdam"
    package = "deepspeed"
    rules = rules.ADAMS

    @classmethod
    def prepared(cls, threads):
        CPUAdamBuilder().load(verbose=False)
        return super().prepared(threads)

    def make(self, rule):
        return DeepSpeedCPUAdam(self._parameters, **hyper(rule), adamw_mode=rule == "adamw")
