"""NumPy as teaching texts write a step: each operation an array of its own.

One thread, whatever is asked for: NumPy's elementwise operations have no more. Decay shrinks the
parameter of before the step.
"""

import numpy as np

from bench.peers import rules
from bench.peers.peer import Peer as _Peer


class Peer(_Peer):
    title = "NumPy, array form"
    package = "numpy"
    rules = rules.ALL

    def __init__(self, rule, values, threads):
        self._p, self._t, self._lr = values, 0, rules.LR[rule]
        self._decay = rules.WEIGHT_DECAY if rule == "adamw" else 0
        self._moments = [[np.zeros_like(p) for p in values] for _ in range(1 if rule == "sgdm" else 2)]
        self.step = self._step_sgdm if rule == "sgdm" else self._step_adam

    def set_gradients(self, gradients):
        self._g = gradients

    def _step_sgdm(self):
        (u,) = self._moments
        for i, g in enumerate(self._g):
            u[i] = rules.MOMENTUM * u[i] + g
            self._p[i] = self._p[i] - self._lr * u[i]

    def _step_adam(self):
        self._t += 1
        m, v = self._moments
        for i, g in enumerate(self._g):
            if self._decay:
                self._p[i] = self._p[i] - self._lr * self._decay * self._p[i]
            m[i] = rules.BETA1 * m[i] + (1 - rules.BETA1) * g
            v[i] = rules.BETA2 * v[i] + (1 - rules.BETA2) * g**2
            m_hat = m[i] / (1 - rules.BETA1**self._t)
            v_hat = v[i] / (1 - rules.BETA2**self._t)
            self._p[i] = self._p[i] - self._lr * m_hat / (np.sqrt(v_hat) + rules.EPS)

    def values(self):
        return self._p

    def state_bytes(self):
        return sum(array.nbytes for slot in self._moments for array in slot)
