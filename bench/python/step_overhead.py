#!/usr/bin/env python3
"""What does a step cost through Python when there is hardly any arithmetic in it? Tensors of 10 elements.

PYTHONPATH=build/release/python build/peers/bin/python bench/python/step_overhead.py [--json]

Per number of tensors: microseconds a step (the fastest of many samples) of steplab.torch, of steplab's
arrays over the same tensors, and of torch.optim in its default and fused forms; samples of all are
interleaved. One thread.
"""

import argparse
import json
import time

import torch

import steplab
import steplab.torch

COUNTS = (1, 62, 300)
SAMPLES = 30


def contenders(tensors: list[torch.Tensor]) -> dict:
    gradients = [tensor.grad for tensor in tensors]
    arrays = steplab.AdamW([tensor.detach().clone() for tensor in tensors], preset="pytorch", threads=1)

    def own() -> list[torch.Tensor]:
        copies = [torch.nn.Parameter(tensor.detach().clone()) for tensor in tensors]
        for copy, gradient in zip(copies, gradients):
            copy.grad = gradient.clone()
        return copies

    return {
        "steplab.torch.AdamW": steplab.torch.AdamW(own(), threads=1).step,
        "steplab.torch.SGD": steplab.torch.SGD(own(), lr=1e-3, momentum=0.9, threads=1).step,
        "steplab.AdamW": lambda: arrays.step(gradients),
        "torch.optim.AdamW": torch.optim.AdamW(own()).step,
        "torch.optim.AdamW fused": torch.optim.AdamW(own(), fused=True).step,
        "torch.optim.SGD": torch.optim.SGD(own(), lr=1e-3, momentum=0.9).step,
    }


def sample(step, calls: int) -> float:
    """Microseconds a call."""
    begun = time.perf_counter()
    for _ in range(calls):
        step()
    return (time.perf_counter() - begun) / calls * 1e6


def measure(count: int) -> dict[str, float]:
    tensors = [torch.nn.Parameter(torch.randn(10)) for _ in range(count)]
    for tensor in tensors:
        tensor.grad = torch.randn(10)
    steps = contenders(tensors)
    for step in steps.values():  # state comes into being
        sample(step, 20)
    calls = {name: max(1, int(2000 / max(sample(step, 5), 1e-3))) for name, step in steps.items()}
    best = dict.fromkeys(steps, float("inf"))
    for _ in range(SAMPLES):
        for name, step in steps.items():
            best[name] = min(best[name], sample(step, calls[name]))
    return best


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object: tensors, then microseconds a step"
    )
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    results = {count: measure(count) for count in COUNTS}
    if arguments.json:
        print(json.dumps(results, indent=2))
        return
    for count, times in results.items():
        for name, us in times.items():
            print(f"{count:4} tensors  {name:<24} {us:10.2f} us a step {us / count:9.3f} us a tensor")


if __name__ == "__main__":
    main()
