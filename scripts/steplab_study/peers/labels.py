"""Rules, threads, lists of parameters and bases as figures, tables and sentences name them."""

from ..wording.labels import count_label, optimizer_label
from .ratios import DROPIN, PLAN, RULES

BASES = {PLAN: "steplab's plan", DROPIN: "steplab's drop-in"}
_NETWORKS = {"resnet18": "ResNet-18", "gpt2": "GPT-2", "network300": "network"}


def rule_label(rule):
    return optimizer_label(RULES.get(rule, rule))


def threads_label(threads):
    return "one thread" if threads == 1 else f"{threads} threads"


def list_label(comparison, name):
    """'33.6 M' for one tensor, else the network's name and its number of tensors."""
    shape = {"name": name, **shape_of(comparison, name)}
    return count_label(shape["parameters"]) if shape["tensors"] == 1 else list_text(shape, " of ")


def list_text(shape, joint):
    one = shape["tensors"] == 1
    named = count_label(shape["parameters"]) if one else _NETWORKS.get(shape["name"], shape["name"])
    return f"{named}{joint}{shape['tensors']} tensor{'' if one else 's'}"


def shape_of(comparison, name):
    return dict(zip(("tensors", "parameters"), comparison.shape(name)))
