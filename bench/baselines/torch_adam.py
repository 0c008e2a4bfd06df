"""Seconds of one step of PyTorch's Adam on one tensor of n float32 parameters, its default for the CPU
and the fused.

python torch_adam.py --sizes 100 10000 1000000 --threads 1 2

Prints {"framework", "version", "default": {threads: {n: s}}, "fused": {threads: {n: s}}}. Needs torch
(scripts/setup --peers); exit code 3 without it.
"""

import sys

from adam_timing import arguments, print_json, seconds_a_step

FORMS = {"default": None, "fused": True}


def step_of(torch, n, fused):
    torch.manual_seed(1)
    parameter = torch.nn.Parameter(torch.randn(n))
    parameter.grad = torch.randn(n)
    return torch.optim.Adam([parameter], lr=1e-3, fused=fused).step


def main():
    chosen = arguments("time steps of PyTorch's Adam")
    try:
        import torch
    except ImportError:
        print("torch_adam: torch is not installed for this interpreter", file=sys.stderr)
        return 3
    seconds = {form: {str(threads): {} for threads in chosen.threads} for form in FORMS}
    for threads in chosen.threads:
        torch.set_num_threads(threads)
        for n in chosen.sizes:
            for form, fused in FORMS.items():
                taken = seconds_a_step(step_of(torch, n, fused), chosen.min_time)
                seconds[form][str(threads)][str(n)] = taken
    print_json({"framework": "torch", "version": torch.__version__, **seconds})
    return 0


if __name__ == "__main__":
    sys.exit(main())
