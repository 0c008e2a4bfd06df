"""Names and sizes as figures, tables and sentences show them."""

OPTIMIZER_LABELS = {
    "sgd": "SGD",
    "sgd_momentum": "SGD-M",
    "adam": "Adam",
    "adamw": "AdamW",
    "adam_amsgrad": "Adam amsgrad",
}


def workload_label(name):
    """A workload's name in text: abbreviations in capitals."""
    head, slash, size = name.partition("/")
    return {"mlp": "MLP", "cnn": "CNN", "rosenbrock": "Rosenbrock"}.get(head, head) + slash + size


def panel_title(problem):
    """'MLP/small (12.7 k)'; the words of a variant on a line of their own."""
    name, _, variant = workload_label(problem["problem"]).partition(" ")
    count = f"({count_label(problem['parameters'])})"
    return f"{name}\n{variant} {count}" if variant else f"{name} {count}"


def problem_label(name):
    """'mlp/small' as 'MLP small'."""
    workload, size = name.split("/")
    return f"{workload_label(workload)} {size}"


def optimizer_label(name):
    return OPTIMIZER_LABELS.get(name, name)


def count_label(value, _=None):
    """13002 as '13 k', 33554432 as '33.6 M'."""
    for size, unit in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if value >= size:
            return f"{value / size:.3g}{unit}"
    return f"{value:.3g}"


SECOND_UNITS = ((1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


def seconds_label(value, _=None):
    """0.0123 as '12.3 ms'."""
    for size, unit in SECOND_UNITS:
        if value >= size * 0.9995:
            return f"{value / size:.3g} {unit}"
    return f"{value / 1e-9:.3g} ns"
