"""Optax under jax.jit: update and application in one compiled step, parameters and state donated.

XLA fuses the operations on each array into one loop. Steps are queued; a sample ends when the last one is
complete. JAX asks for no huge pages and has no setting for that. Decay is part of the update, lr·(m̂ /
(√v̂ + eps) + decay·p), so it takes the parameter of before the step; v̂ is v / (1 − β₂ᵗ).
"""

import functools

import jax
import numpy as np
import optax

from bench.peers import rules
from bench.peers.peer import Peer as _Peer


def _optimizer(rule):
    if rule == "sgdm":
        return optax.sgd(rules.LR[rule], momentum=rules.MOMENTUM)
    moments = {"b1": rules.BETA1, "b2": rules.BETA2, "eps": rules.EPS}
    if rule == "adam":
        return optax.adam(rules.LR[rule], **moments)
    return optax.adamw(rules.LR[rule], **moments, weight_decay=rules.WEIGHT_DECAY)


class Peer(_Peer):
    title = "Optax jit"
    package = "optax"
    rules = rules.ALL

    def __init__(self, rule, values, threads):
        optimizer = _optimizer(rule)

        @functools.partial(jax.jit, donate_argnums=(0, 1))
        def update(parameters, state, gradients):
            updates, state = optimizer.update(gradients, state, parameters)
            return optax.apply_updates(parameters, updates), state

        self._update = update
        # copies: donated arrays must be JAX's own
        self._parameters = [jax.numpy.array(value) for value in values]
        self._state = optimizer.init(self._parameters)

    def set_gradients(self, gradients):
        self._gradients = [jax.numpy.array(gradient) for gradient in gradients]

    def step(self):
        self._parameters, self._state = self._update(self._parameters, self._state, self._gradients)

    def finish(self):
        jax.block_until_ready((self._parameters, self._state))

    def values(self):
        return [np.asarray(parameter) for parameter in self._parameters]

    def state_bytes(self):
        return sum(leaf.nbytes for leaf in jax.tree_util.tree_leaves(self._state))
