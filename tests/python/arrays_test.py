"""steplab.SGD, Adam and AdamW over NumPy arrays."""

import threading

import numpy as np
import pytest

import steplab

RULES = [steplab.SGD, steplab.Adam, steplab.AdamW]


def ones(*shape, order="C"):
    return np.ones(shape, np.float32, order=order)


def refusal(call, kind=steplab.InvalidArgument):
    with pytest.raises(kind) as caught:
        call()
    assert isinstance(caught.value, steplab.Error)
    return str(caught.value)


def textbook_adamw(p, gradients, lr, decay, before):
    p = p.astype(np.float64)
    m, v = np.zeros_like(p), np.zeros_like(p)
    for t, g in enumerate(gradients, 1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * np.float64(g) ** 2
        update = lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        p = p - lr * decay * p - update if before else (p - update) * (1 - lr * decay)
    return p


@pytest.mark.parametrize(
    "options, before", [({}, False), ({"decay_order": "before"}, True), ({"preset": "pytorch"}, True)]
)
def test_adamw_follows_the_textbook_in_place(options, before):
    random = np.random.default_rng(0)
    w = random.standard_normal((30, 40)).astype(np.float32)
    gradients = random.standard_normal((10, 30, 40)).astype(np.float32)
    expected = textbook_adamw(w, gradients, 0.1, 0.5, before)
    opt = steplab.AdamW([w], lr=0.1, weight_decay=0.5, **options)
    for g in gradients:
        opt.step([g])
    np.testing.assert_allclose(w, expected, rtol=2e-5, atol=2e-6)


def test_sgd_and_its_momentum():
    w = ones(3)
    opt = steplab.SGD({"w": w}, lr=0.5, momentum=0.5)
    assert opt.has_momentum and opt.state(0, "velocity") is None
    opt.step([ones(3)])
    opt.step([ones(3)])
    assert w.tolist() == [-0.25] * 3
    assert opt.state(0, "velocity").tolist() == [1.5] * 3


def test_the_result_tells_what_happened():
    opt = steplab.Adam([ones(3), ones(2)], clip_norm=1.0)
    result = opt.step([np.full(3, 2, np.float32), None])
    assert result == (True, 1, 0, 1, pytest.approx(np.sqrt(12)))
    assert opt.step([None, None]).updated == 0
    assert opt.step_count(0) == 2  # all steps count, unless counted per parameter


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("gradient_order", ["C", "F"])
def test_any_order_of_axes_gives_the_same(order, gradient_order):
    random = np.random.default_rng(0)
    start, g = random.standard_normal((2, 4, 5)).astype(np.float32)
    w, reference = np.array(start, order=order), start.copy()
    opt, expected = steplab.Adam([w]), steplab.Adam([reference])
    opt.step([np.array(g, order=gradient_order)])
    expected.step([g])
    assert np.array_equal(w, reference)
    assert np.array_equal(opt.state(0, "m"), expected.state(0, "m"))
    assert opt.state(0, "m").strides == w.strides


def test_gradients_that_are_not_dense_or_read_only_are_fine():
    w = ones(4)
    g = np.arange(8, dtype=np.float32)
    g.flags.writeable = False
    steplab.SGD([w], lr=1).step([g[::2]])
    assert w.tolist() == [1, -1, -3, -5]


class Foreign:
    """An array of some program that offers DLPack alone."""

    def __init__(self, array):
        self.array = array

    def __dlpack__(self):
        return self.array.__dlpack__()


def test_arrays_of_any_program_with_dlpack_are_read_where_they_lie():
    w, g = ones(2, 3, order="F"), np.arange(6, dtype=np.float32).reshape(2, 3, order="F")
    steplab.SGD([Foreign(w)], lr=1).step([Foreign(g)])
    assert np.array_equal(w, 1 - g)
    assert "float32" in refusal(lambda: steplab.SGD([Foreign(np.ones(2))]))
    assert "DLPack" in refusal(lambda: steplab.SGD([[1.0, 2.0]]))


def test_state_is_the_optimizers_memory_and_outlives_it():
    opt = steplab.Adam([ones(2, 3)])
    opt.step([ones(2, 3)])
    m = opt.state(0, "m")
    before = m.copy()
    opt.step([ones(2, 3)])
    assert (m > before).all()
    opt.set_state(0, "m", np.arange(6).reshape(2, 3))
    assert np.array_equal(m, np.arange(6).reshape(2, 3))
    del opt
    assert m[1, 2] == 5


def test_groups_have_hyperparameters_of_their_own():
    a, b = ones(2), ones(2)
    opt = steplab.SGD([a], lr=0.5)
    assert opt.add_group([b], lr=0.25) == 1 and opt.group_count == 2 and len(opt) == 2
    opt.step([ones(2), ones(2)])
    assert a[0] == 0.5 and b[0] == 0.75
    opt.set_hyper(1, lr=1.0)
    assert opt.hyper(1)["lr"] == 1 and opt.hyper(0)["lr"] == 0.5 and opt.hyper(0)["nesterov"] is False
    opt.set_lr(0)
    opt.step([ones(2), ones(2)])
    assert a[0] == 0.5 and b[0] == 0.75


def test_a_group_that_is_refused_adds_nothing():
    a = ones(2)
    opt = steplab.SGD([a])
    for bad in ([ones(2), ones(2, 2)[:, 0]], [ones(2), a], [ones(2), np.ones(2)], []):
        refusal(lambda: opt.add_group(bad))
        assert len(opt) == 1
    refusal(lambda: opt.add_group([ones(2)], lr=-1))
    assert len(opt) == 1 and opt.step([ones(2)]).updated == 1


@pytest.mark.parametrize("rule", RULES)
def test_errors_name_the_value_and_what_is_accepted(rule):
    w = ones(3)
    assert "lr is -1" in refusal(lambda: rule([w], lr=-1))
    assert "float32" in refusal(lambda: rule([np.ones(3)]))
    assert "'1' overlap" in refusal(lambda: rule([w, w[1:]]))
    assert "dense" in refusal(lambda: rule([ones(6)[::2]]))
    assert "'w'" in refusal(lambda: rule({"w": np.ones(3, np.float16)}))
    assert "'xsimd/what'" in refusal(lambda: rule([w], variant="xsimd/what"))
    assert "unknown option 'nothing'" in refusal(lambda: rule([w], nothing=1))
    assert "accepted: 'after', 'before'" in refusal(lambda: rule([w], decay_order="never"))
    assert "one array" in refusal(lambda: rule(w))
    assert "empty" in refusal(lambda: rule([]))
    frozen = ones(3)
    frozen.flags.writeable = False
    assert "read-only" in refusal(lambda: rule([frozen]))
    opt = rule([w])
    assert "2 gradients" in refusal(lambda: opt.step([w, w]))
    assert "float64" in refusal(lambda: opt.step([np.ones(3)]))
    assert "(4,)" in refusal(lambda: opt.step([ones(4)]))
    assert "overlaps" in refusal(lambda: opt.step([w]))
    assert w.tolist() == [1, 1, 1]


def test_gradients_that_are_not_finite():
    w, bad = ones(2), np.array([1, np.inf], np.float32)
    assert steplab.SGD([w], on_nonfinite="skip").step([bad])[:3] == (False, 0, 1)
    assert "inf" in refusal(
        lambda: steplab.SGD([w], on_nonfinite="error").step([bad]), steplab.NonfiniteGradient
    )
    assert w.tolist() == [1, 1]


def test_a_loss_scale_and_zeroed_gradients():
    w, g = ones(2), np.full(2, 8, np.float32)
    opt = steplab.SGD([w], lr=1, gradient_scale=4, zero_gradients=True)
    opt.step([g])
    assert w.tolist() == [-1, -1] and g.tolist() == [0, 0]
    g[:] = 2
    opt.set_gradient_scale(2)
    opt.step([g])
    assert w.tolist() == [-2, -2]
    assert "zeroed" in refusal(lambda: opt.step([ones(4)[::2]]))


@pytest.mark.parametrize("rule", RULES)
def test_checkpoints_go_on_bit_for_bit(rule, tmp_path):
    random = np.random.default_rng(0)
    gradients = random.standard_normal((6, 50)).astype(np.float32)
    w = ones(50)
    opt = rule({"w": w}, lr=0.1)
    for g in gradients[:3]:
        opt.step([g])
    opt.save(tmp_path / "run.safetensors", notes={"epoch": "3"})
    again = ones(50)
    other = rule({"w": again}, lr=0.2, variant="scalar/serial")
    other.load(str(tmp_path / "run.safetensors"))
    for g in gradients[3:]:
        opt.step([g])
        other.step([g])
    assert np.array_equal(w, again) and other.hyper()["lr"] == 0.1
    assert "'x'" in refusal(
        lambda: rule({"x": ones(50)}).load(tmp_path / "run.safetensors"), steplab.FileError
    )
    assert "no such" in refusal(lambda: other.load(tmp_path / "none"), steplab.FileError).lower()


@pytest.mark.parametrize("rule", RULES)
def test_every_variant_and_number_of_threads_gives_the_same_bits(rule):
    random = np.random.default_rng(0)
    gradients = random.standard_normal((3, 100_003)).astype(np.float32)
    results = []
    for variant in steplab.info()["variants"]:
        for threads in (1, 2):
            w = ones(100_003)
            opt = rule([w], lr=0.1, variant=variant, threads=threads)
            for g in gradients:
                opt.step([g])
            results.append(w)
    assert all(np.array_equal(w, results[0]) for w in results)


def test_steps_release_the_interpreter_and_refuse_a_second_thread():
    w, g = ones(2_000_000), ones(2_000_000)
    opt = steplab.AdamW([w], variant="scalar/serial")
    opt.step([g])
    errors, running = [], threading.Event()

    def steps():
        for _ in range(30):
            running.set()
            opt.step([g])

    worker = threading.Thread(target=steps)
    worker.start()
    running.wait()
    while worker.is_alive():
        try:
            opt.bytes()
        except ValueError as error:
            errors.append(str(error))
    worker.join()
    assert errors and all("another thread" in text for text in errors)
    assert opt.step_count(0) == 31


def test_step_counts_are_exact_integers():
    opt = steplab.Adam([ones(1)], step_count="per_parameter")
    opt.step([ones(1)])
    opt.set_step_count(0, 2**53)
    opt.step([ones(1)])
    assert opt.step_count(0) == 2**53 + 1


def test_a_buffer_that_a_step_uses_cannot_be_resized():
    w = ones(8)
    opt = steplab.SGD([w], lr=1)
    opt.step([ones(8)])
    w.resize(100_000, refcheck=False)
    assert "shape" in refusal(lambda: opt.step([ones(8)]))
