"""What an optimizer over arrays can be told beside its hyperparameters, and what its steps tell."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypedDict


class Options(TypedDict, total=False):
    """What an optimizer is made with, beside hyperparameters; absent or None: the default."""

    preset: Literal["pytorch"] | None
    """PyTorch's decay order and step count, unless they are given too."""

    variant: str | None
    """Kernel/schedule, such as "xsimd/tbb" (the default: the best of this machine) or "scalar/serial"."""

    threads: int | None
    """At least 1; by default all that affinity and the cgroup's quota allow."""

    decay_order: Literal["after", "before"] | None
    """Whether decoupled decay shrinks the updated parameter (the default), or the old one."""

    step_count: Literal["global", "per_parameter"] | None
    """Whether t counts step() calls (the default), or the updates of each parameter."""

    subnormals: Literal["keep", "flush"] | None
    """Whether subnormal numbers are flushed to zero; by default they are kept."""

    on_nonfinite: Literal["propagate", "skip", "error"] | None
    """What a gradient that is not finite (or, for Adam, 2**64 or more in size) does; by default it goes
    through."""

    clip_norm: float | None
    """Bound on the global L2 norm of a step's gradients."""

    gradient_scale: float | None
    """Gradients are this many times what they should be, such as by a loss scale."""

    zero_gradients: bool | None
    """Steps leave zeros in the gradients that they used."""


class StepResult(NamedTuple):
    """What a step did."""

    applied: bool
    """False when on_nonfinite="skip" stopped it; nothing changed then."""

    updated: int
    """Parameters that were updated."""

    nonfinite: int
    """Gradient elements that the rule cannot take, unless they propagate."""

    t: int
    """Step count after the step; the largest one when counted per parameter."""

    gradient_norm: float
    """Global L2 norm before clipping; 0 without clip_norm."""
