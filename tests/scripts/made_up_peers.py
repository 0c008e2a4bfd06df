"""A peers.json that no machine ever gave: all peers, one failed, one not installed, one that differs by
design, cells that are not offered, and one in which steplab is slower."""

import random

LISTS = {
    "1024": (1, 1024),
    "32768": (1, 32768),
    "1048576": (1, 1048576),
    "33554432": (1, 33554432),
    "resnet18": (62, 11689512),
    "gpt2": (148, 124439808),
    "network300": (300, 1234567),
}
BASES = ("steplab", "steplab_dropin", "steplab_arrays", "steplab_autovec", "steplab_scalar")
PEERS = {  # title, time a parameter relative to the plan's, µs a tensor beyond it
    "torch_default": ("torch default", 7.0, 20.0),
    "torch_foreach": ("torch foreach", 5.0, 6.0),
    "torch_fused": ("torch fused", 1.3, 4.0),
    "torch_fused_huge": ("torch fused, huge pages", 1.1, 4.0),
    "torch_compiled": ("torch compiled", 1.4, 3.0),
    "deepspeed": ("DeepSpeedCPUAdam", 1.4, 3.0),
    "deepspeed_huge": ("DeepSpeedCPUAdam, huge pages", 1.2, 3.0),
    "optax": ("optax, jit", 1.8, 2.0),
    "bitsandbytes_8bit": ("bitsandbytes 8-bit", 40.0, 60.0),
    "bitsandbytes_32bit": ("bitsandbytes 32-bit", 9.0, 25.0),
    "torchao_8bit": ("torchao 8-bit", 25.0, 900.0),
    "numpy_form": ("NumPy form", 12.0, 15.0),
    "steplab": ("steplab", 1.0, 0.0),
    "steplab_dropin": ("steplab.torch", 1.0, 0.3),
    "steplab_arrays": ("steplab over NumPy arrays", 1.0, 0.2),
    "steplab_autovec": ("steplab, auto-vectorised", 1.05, 0.0),
    "steplab_scalar": ("steplab, scalar", 4.0, 0.0),
}
ADAM_ONLY = ("deepspeed", "deepspeed_huge")
SLOWER = ("adamw", "gpt2", 2, "torch_compiled")  # the cell in which steplab is behind
FAILED = ("adam", "gpt2", 1, "optax")
ROUNDS = 7


def results(without=()):
    """The whole file's contents; `without` these peers' cells."""
    generator = random.Random(3)
    peers = {
        p: {"title": t, "version": "1.2", "installed": True, "error": None} for p, (t, *_) in PEERS.items()
    }
    peers["torchao_32bit"] = {
        "title": "torchao 32-bit",
        "version": None,
        "installed": False,
        "error": "no wheel for this Python",
    }
    return {
        "format": 1,
        "date": "2026-01-02",
        "commit": "0123456789abcdef",
        "profile": "standard",
        "machine": {"cpu": "Made-up CPU", "threads": 2},
        "lists": {name: {"parameters": n, "tensors": t} for name, (t, n) in LISTS.items()},
        "peers": peers,
        "checks": list(_checks()),
        "memory": list(_memory()),
        "cells": [
            _cell(generator, rule, name, threads, peer)
            for rule in ("sgdm", "adam", "adamw")
            for name in LISTS
            for threads in (1, 2)
            for peer in PEERS
            if peer not in without and not (rule == "adam" and name == "gpt2" and peer == "torchao_8bit")
        ],
    }


def _offered(rule, peer):
    return not (rule == "sgdm" and peer in ADAM_ONLY)


def _cell(generator, rule, name, threads, peer):
    tensors, parameters = LISTS[name]
    key = (rule, name, threads, peer)
    slow, extra = PEERS[peer][1:]
    own = parameters * (0.3 if rule == "sgdm" else 0.5) * 1e-9 / (threads**0.5 if parameters > 1e5 else 1)
    seconds = slow * own + 1e-6 * extra * tensors + 2e-8
    if key == SLOWER:
        seconds = 0.8 * own
    spread = 0.6 if peer == "torch_fused" and threads == 2 and name == "1048576" else 0.04
    samples = [seconds * (1 + spread * (generator.random() - 0.5)) for _ in range(ROUNDS)]
    offered, error = _offered(rule, peer), "out of memory" if key == FAILED else None
    if not offered or error:
        samples = []
    elif peer == "optax":
        samples[2] = None
    return {
        "rule": rule,
        "list": name,
        "threads": threads,
        "parameters": parameters,
        "tensors": tensors,
        "peer": peer,
        "seconds": samples,
        "prepare_seconds": 31.5 if peer == "torch_compiled" and name == "gpt2" else 0.2,
        "error": error,
        "offered": offered,
    }


def _checks():
    for peer in PEERS:
        for rule in ("sgdm", "adam", "adamw"):
            for threads in (1, 2):
                design = peer.endswith("8bit")
                yield {
                    "peer": peer,
                    "rule": rule,
                    "threads": threads,
                    "largest_error": None if not _offered(rule, peer) else 0.02 if design else 3e-7 * threads,
                    "tolerance": 1.0 if design else 1e-5,
                    "agrees": _offered(rule, peer),
                    "offered": _offered(rule, peer),
                    "why": "differs by design: moments of 8 bits" if design else "",
                }


def _memory():
    for peer in PEERS:
        for rule in ("sgdm", "adam", "adamw"):
            if _offered(rule, peer):
                state = (4 if rule == "sgdm" else 8) / (4 if peer.endswith("8bit") else 1)
                yield {
                    "peer": peer,
                    "rule": rule,
                    "threads": 1,
                    "state_bytes_per_parameter": state,
                    "peak_bytes_per_parameter": (
                        4.0 if peer == "torch_default" else None if peer == "optax" else 0.0
                    ),
                }
