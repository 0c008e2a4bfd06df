#!/usr/bin/env python3
"""Trains a small classifier with steplab.torch.AdamW, a warm-up with cosine decay, and two parameter
groups.

PYTHONPATH=build/release/python build/peers/bin/python python/examples/train.py --steps 600

With --optimizer torch the same run uses torch.optim.AdamW, to compare.
"""

import argparse
import math

import torch

import steplab.torch

SOURCES = {"steplab": steplab.torch.AdamW, "torch": torch.optim.AdamW}


def spirals(count: int, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Points of three interleaved spirals, (count, 2), and which each belongs to, (count,)."""
    label = torch.randint(3, (count,), generator=generator)
    radius = torch.rand(count, generator=generator)
    angle = 2 * math.pi * (label / 3 + 0.75 * radius) + 0.1 * torch.randn(count, generator=generator)
    return torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1), label


def groups(model: torch.nn.Module) -> list[dict]:
    """Weights decay, biases do not."""
    weights = [p for p in model.parameters() if p.dim() > 1]
    biases = [p for p in model.parameters() if p.dim() <= 1]
    return [{"params": weights}, {"params": biases, "weight_decay": 0.0}]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--optimizer", choices=SOURCES, default="steplab")
    arguments = parser.parse_args()
    torch.manual_seed(1)
    generator = torch.Generator().manual_seed(2)
    model = torch.nn.Sequential(
        torch.nn.Linear(2, 128),
        torch.nn.Tanh(),
        torch.nn.Linear(128, 128),
        torch.nn.Tanh(),
        torch.nn.Linear(128, 3),
    )
    optimizer = SOURCES[arguments.optimizer](groups(model), lr=1e-2, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1e-2, total_steps=arguments.steps)
    for step in range(arguments.steps):
        points, labels = spirals(256, generator)
        loss = torch.nn.functional.cross_entropy(model(points), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 50 == 0 or step == arguments.steps - 1:
            print(f"step {step:4}  loss {loss.item():.4f}")


if __name__ == "__main__":
    main()
