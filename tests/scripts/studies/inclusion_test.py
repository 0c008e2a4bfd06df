"""Inclusion is bit for bit: a difference in the last bits is seen."""

from types import SimpleNamespace

import pytest

from steplab_study.protocol.profiles import PROFILES
from steplab_study.studies import inclusion
from steplab_study.trials.configuration import Context

CONTEXT = Context(PROFILES["quick"], "0.1.0", "avx2", {}, {})


def finish(bits):
    plan = inclusion.plans(CONTEXT)["mlp"]
    request = plan.send(None)
    with pytest.raises(StopIteration) as end:
        plan.send([{"final_bits": b, "validation_loss": [1.0]} for b, _ in zip(bits, request)])
    return end.value.value


def test_the_same_bits_are_included_and_the_control_is_not():
    assert finish("aabbcd") == {
        "SGD within SGD-M": True,
        "Adam within AdamW": True,
        "AdamW's default decay": False,
    }


def test_another_last_bit_is_seen():
    assert finish("aabxcd")["Adam within AdamW"] is False


def test_other_workloads_alone_leave_it_out():
    context = SimpleNamespace(profile=PROFILES["quick"], wants=lambda workload: False)
    assert inclusion.plans(context) == {}
