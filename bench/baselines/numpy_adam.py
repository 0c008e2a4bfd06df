"""Seconds of one Adam step in NumPy as teaching texts write it: each operation an array of its own.

    m = β₁m + (1−β₁)g    v = β₂v + (1−β₂)g²    p = p − η·m̂ / (√v̂ + ε)

    python3 numpy_adam.py --sizes 100 10000 1000000

One thread: NumPy's elementwise operations have no more. Prints {"framework", "version", "default":
{threads: {n: s}}}.
"""

import sys

import numpy
from adam_timing import arguments, print_json, seconds_a_step

LR, BETA1, BETA2, EPS = 1e-3, 0.9, 0.999, 1e-8


class Adam:
    def __init__(self, n):
        generator = numpy.random.default_rng(1)
        self.p = generator.standard_normal(n, dtype=numpy.float32)
        self.g = generator.standard_normal(n, dtype=numpy.float32)
        self.m, self.v, self.t = numpy.zeros_like(self.p), numpy.zeros_like(self.p), 0

    def step(self):
        self.t += 1
        self.m = BETA1 * self.m + (1 - BETA1) * self.g
        self.v = BETA2 * self.v + (1 - BETA2) * self.g**2
        m_hat = self.m / (1 - BETA1**self.t)
        v_hat = self.v / (1 - BETA2**self.t)
        self.p = self.p - LR * m_hat / (numpy.sqrt(v_hat) + EPS)


def main():
    chosen = arguments("time Adam steps of the array-language form in NumPy")
    seconds = {str(n): seconds_a_step(Adam(n).step, chosen.min_time) for n in chosen.sizes}
    print_json({"framework": "numpy", "version": numpy.__version__, "default": {"1": seconds}})
    return 0


if __name__ == "__main__":
    sys.exit(main())
