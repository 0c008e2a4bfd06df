"""Seconds of one training step in PyTorch's eager mode: the models of `steplab train`, for comparison.

    python torch_train_step.py --model transformer --size medium --optimizer fused --threads 1

The same architectures, extents and default batches as the workloads `transformer` (sizes small, medium,
large, xlarge, xxlarge) and `mlp` (small, medium, large), on random data that is in memory before the clock
starts. A step is zero_grad, forward pass, loss, backward pass and optimizer step. Prints one JSON object:
seconds are medians over the steps after a warm-up, "gradient" is all but the optimizer's step, "seconds_min"
the fastest whole step.
Needs torch; exit code 2 for a usage error, 3 without torch.
"""
import argparse
import json
import statistics
import sys
import time

CONTEXT, VOCABULARY, HEAD_WIDTH = 64, 38, 16
TRANSFORMERS = {"small": (16, 1), "medium": (32, 2), "large": (64, 2), "xlarge": (64, 4),
                "xxlarge": (128, 4)}
PIXELS, CLASSES = 784, 10
MLPS = {"small": [16], "medium": [128, 64], "large": [512, 256]}
BATCHES = {"transformer": 16, "mlp": 64}


def arguments():
    parser = argparse.ArgumentParser(description="time training steps of PyTorch, eager mode, on the CPU")
    parser.add_argument("--model", choices=sorted(BATCHES), required=True)
    parser.add_argument("--size", choices=list(TRANSFORMERS), default="medium")
    parser.add_argument("--optimizer", choices=["default", "fused"], default="default",
                        help="AdamW's implementation")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch", type=int, help="sequences or images; default: the workload's own")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--warm-up", type=int, default=10, help="steps before the clock starts")
    chosen = parser.parse_args()
    if chosen.model == "mlp" and chosen.size not in MLPS:
        parser.error(f"--size {chosen.size}: the mlp has {', '.join(MLPS)}")
    chosen.batch = BATCHES[chosen.model] if chosen.batch is None else chosen.batch
    for name in ("threads", "batch", "steps"):
        if getattr(chosen, name) < 1:
            parser.error(f"--{name} is {getattr(chosen, name)}: accepted are whole numbers from 1")
    return chosen


def transformer(torch, width, blocks):
    """The decoder of `steplab train --workload transformer`: pre-norm blocks, causal attention, tanh GELU."""
    nn, functional = torch.nn, torch.nn.functional

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
            self.attention, self.projection = nn.Linear(width, 3 * width), nn.Linear(width, width)
            self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

        def forward(self, x):
            batch, length, _ = x.shape
            heads = self.attention(self.norm1(x)).view(batch, length, 3, width // HEAD_WIDTH, HEAD_WIDTH)
            queries, keys, values = heads.permute(2, 0, 3, 1, 4)
            mixed = functional.scaled_dot_product_attention(queries, keys, values, is_causal=True)
            x = x + self.projection(mixed.transpose(1, 2).reshape(batch, length, width))
            return x + self.fc2(functional.gelu(self.fc1(self.norm2(x)), approximate="tanh"))

    class Transformer(nn.Module):
        def __init__(self):
            super().__init__()
            self.token = nn.Embedding(VOCABULARY, width)
            self.position = nn.Parameter(torch.randn(CONTEXT, width))
            self.blocks = nn.Sequential(*(Block() for _ in range(blocks)))
            self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, VOCABULARY, bias=False)

        def forward(self, characters):
            x = self.token(characters) + self.position
            return self.head(self.norm(self.blocks(x))).flatten(0, 1)

    return Transformer()


def mlp(torch, hidden):
    layers, inputs = [], PIXELS
    for width in hidden:
        layers += [torch.nn.Linear(inputs, width), torch.nn.ReLU()]
        inputs = width
    return torch.nn.Sequential(*layers, torch.nn.Linear(inputs, CLASSES))


def model_and_data(torch, chosen):
    """The model and a function that makes one batch of inputs and targets."""
    if chosen.model == "mlp":
        def images():
            return torch.rand(chosen.batch, PIXELS), torch.randint(CLASSES, (chosen.batch,))

        return mlp(torch, MLPS[chosen.size]), images

    def characters():
        shape = (chosen.batch, CONTEXT)
        return torch.randint(VOCABULARY, shape), torch.randint(VOCABULARY, shape).flatten()

    return transformer(torch, *TRANSFORMERS[chosen.size]), characters


def measure(torch, chosen):
    torch.manual_seed(1)
    torch.set_num_threads(chosen.threads)
    model, make_batch = model_and_data(torch, chosen)
    fused = True if chosen.optimizer == "fused" else None
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, fused=fused)
    batches = [make_batch() for _ in range(8)]
    gradient, update = [], []
    for step in range(chosen.warm_up + chosen.steps):
        inputs, targets = batches[step % len(batches)]
        begun = time.perf_counter()
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(inputs), targets).backward()
        middle = time.perf_counter()
        optimizer.step()
        ended = time.perf_counter()
        if step >= chosen.warm_up:
            gradient.append(middle - begun)
            update.append(ended - middle)
    whole = [a + b for a, b in zip(gradient, update)]
    return {"seconds": {"total": statistics.median(whole), "gradient": statistics.median(gradient),
                        "optimizer": statistics.median(update)},
            "seconds_min": min(whole), "parameters": sum(p.numel() for p in model.parameters())}


def main():
    chosen = arguments()
    try:
        import torch
    except ImportError:
        print("torch_train_step: torch is not installed for this interpreter", file=sys.stderr)
        return 3
    result = {"framework": "torch", "version": torch.__version__, "model": chosen.model, "size": chosen.size,
              "optimizer": chosen.optimizer, "threads": chosen.threads, "batch": chosen.batch,
              "steps": chosen.steps}
    print(json.dumps(result | measure(torch, chosen)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
