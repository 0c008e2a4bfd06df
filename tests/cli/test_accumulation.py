"""`steplab worker` follow with zero_grad: backward passes add to the gradient that they find."""

import json
import os
import subprocess

PROGRAM = os.environ["STEPLAB_PROGRAM"]


def second_gradient(gradients, **extra):
    """What the second step of SGD at rate 1 takes from parameters at 0; the first has rate 0."""
    config = {
        "rule": "sgd",
        "params": [[0.0, 0.0]],
        "gradients": gradients,
        "lr": [0, 1],
        "report": "last",
        **extra,
    }
    request = json.dumps({"id": 1, "kind": "follow", "config": config}) + "\n"
    done = subprocess.run([PROGRAM, "worker"], input=request, capture_output=True, text=True, check=True)
    return [-value for value in json.loads(done.stdout)["result"]["steps"][0]["values"][0]]


def test_without_zero_grad_the_second_pass_adds():
    assert second_gradient([[[1.0, 2.0]], [[0.5, -4.0]]], zero_grad=False) == [1.5, -2.0]


def test_zero_grad_forgets_the_first_pass():
    assert second_gradient([[[1.0, 2.0]], [[0.5, -4.0]]], zero_grad=True) == [0.5, -4.0]


def test_a_missing_pass_leaves_the_gradient_that_is_there():
    assert second_gradient([[[1.0, 2.0]], [None]], zero_grad=False) == [1.0, 2.0]


def test_by_default_each_step_has_the_given_gradient_alone():
    assert second_gradient([[[1.0, 2.0]], [[0.5, -4.0]]]) == [0.5, -4.0]
