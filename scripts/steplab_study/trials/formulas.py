"""The update formulas in float64 with numpy, transcribed twice: as the teaching literature writes them, and
as PyTorch computes them. The two texts share nothing, so that a difference between them is one of the
formulas.

Both take the initial values [[float, …], …] of each tensor and gradients by step and tensor, None where a
tensor has none at that step, and give the values after the last step. Hyperparameters are complete: nothing
has a default.
"""

import numpy as np


def teaching(rule, hyper, params, gradients):
    """One step count t for all tensors, advanced by every step. AdamW shrinks the parameter after its update.

    SGD       v = mu v + g,   p = p - lr v
    Adam(W)   m = b1 m + (1-b1) g,   v = b2 v + (1-b2) g^2,   p = p - lr m/(1-b1^t) / (sqrt(v/(1-b2^t)) + eps)
    """
    values = [np.array(p, dtype=np.float64) for p in params]
    first, second = [np.zeros_like(p) for p in values], [np.zeros_like(p) for p in values]
    lr, decay = hyper["lr"], hyper["weight_decay"]
    for t, present in enumerate(gradients, start=1):
        for i, gradient in enumerate(present):
            if gradient is None:
                continue
            g = np.array(gradient, dtype=np.float64)
            if rule != "adamw":
                g = g + decay * values[i]
            if rule == "sgd":
                first[i] = hyper["momentum"] * first[i] + g
                values[i] = values[i] - lr * first[i]
                continue
            beta1, beta2 = hyper["beta1"], hyper["beta2"]
            first[i] = beta1 * first[i] + (1 - beta1) * g
            second[i] = beta2 * second[i] + (1 - beta2) * g**2
            corrected_m = first[i] / (1 - beta1**t)
            corrected_v = second[i] / (1 - beta2**t)
            values[i] = values[i] - lr * corrected_m / (np.sqrt(corrected_v) + hyper["eps"])
            if rule == "adamw":
                values[i] = values[i] - lr * decay * values[i]
    return values


def pytorch(rule, hyper, params, gradients):
    """A step count of each tensor's own, which a step without its gradient leaves. AdamW shrinks the old
    parameter; the first velocity is the gradient; the step size is folded into the quotient's factor."""
    values = [np.array(p, dtype=np.float64) for p in params]
    state = [{} for _ in values]
    for present in gradients:
        for param, gradient, kept in zip(values, present, state):
            if gradient is not None:
                update = _pytorch_sgd if rule == "sgd" else _pytorch_adam
                update(rule, hyper, param, np.array(gradient, dtype=np.float64), kept)
    return values


def _pytorch_sgd(_, hyper, param, grad, state):
    if hyper["weight_decay"] != 0:
        grad += hyper["weight_decay"] * param
    if hyper["momentum"] != 0:
        if "momentum_buffer" not in state:
            state["momentum_buffer"] = grad.copy()
        else:
            state["momentum_buffer"] *= hyper["momentum"]
            state["momentum_buffer"] += grad
        grad = state["momentum_buffer"]
    param += -hyper["lr"] * grad


def _pytorch_adam(rule, hyper, param, grad, state):
    if not state:
        state.update(step=0, exp_avg=np.zeros_like(param), exp_avg_sq=np.zeros_like(param))
    state["step"] += 1
    if rule == "adamw":
        param *= 1 - hyper["lr"] * hyper["weight_decay"]
    elif hyper["weight_decay"] != 0:
        grad += hyper["weight_decay"] * param
    state["exp_avg"] += (1 - hyper["beta1"]) * (grad - state["exp_avg"])
    state["exp_avg_sq"] *= hyper["beta2"]
    state["exp_avg_sq"] += (1 - hyper["beta2"]) * grad * grad
    bias_correction1 = 1 - hyper["beta1"] ** state["step"]
    bias_correction2 = 1 - hyper["beta2"] ** state["step"]
    denominator = np.sqrt(state["exp_avg_sq"]) / np.sqrt(bias_correction2) + hyper["eps"]
    param += -(hyper["lr"] / bias_correction1) * (state["exp_avg"] / denominator)
