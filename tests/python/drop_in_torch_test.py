"""steplab.torch where no comparison with torch.optim tells: memory, refusals, and what differs on
purpose."""

import copy
import gc
import pickle
import weakref

import numpy as np
import pytest
import torch
import torch_cases

import steplab
import steplab.torch

RULES = ["SGD", "Adam", "AdamW"]
OPTIONS = {"SGD": {"lr": 0.1, "momentum": 0.9}, "Adam": {}, "AdamW": {}}


def parameter(*shape):
    return torch.nn.Parameter(torch.ones(shape))


def make(rule, params, **options):
    return getattr(steplab.torch, rule)(params, **(OPTIONS[rule] | options))


@pytest.fixture(params=RULES)
def stepped(request):
    """A parameter of ones, and its optimizer after one step with a gradient of ones."""
    p = parameter(4, 3)
    opt = make(request.param, [p])
    p.grad = torch.ones_like(p)
    opt.step()
    return p, opt


def refusal(call):
    with pytest.raises(steplab.InvalidArgument) as caught:
        call()
    assert isinstance(caught.value, ValueError)
    return str(caught.value)


def test_state_is_the_optimizers_own_memory(stepped):
    p, opt = stepped
    state = opt.state[p]
    key = "exp_avg" if "exp_avg" in state else "momentum_buffer"
    view, before = state[key], state[key].clone()
    opt.step()
    assert opt.state[p][key] is view and not torch.equal(view, before)
    if "step" in state:
        assert state["step"] == 2
    view.zero_()
    p.grad.zero_()
    value = p.detach().clone()
    opt.step()
    if key == "momentum_buffer":
        assert torch.equal(p, value)  # the velocity of the step was what was written


def _given_other_memory(tensor):
    tensor.data = tensor.data.clone()


def _swapped(tensor):
    torch.utils.swap_tensors(tensor, tensor.clone())


def _set(tensor):
    tensor.set_(tensor.clone())


def _sent_to_a_process(tensor):
    queue = torch.multiprocessing.SimpleQueue()
    queue.put(tensor)
    queue.get()


SWAPS = [torch.Tensor.share_memory_, _given_other_memory, _swapped, _set, _sent_to_a_process]


@pytest.fixture(params=["read", "asked"])
def places(request, monkeypatch):
    """Where a tensor lies is read in its implementation, or PyTorch is asked."""
    assert steplab._torch_optimizer.places is not None
    if request.param == "asked":
        monkeypatch.setattr(steplab._torch_optimizer, "places", None)


@pytest.mark.parametrize("swap", SWAPS)
def test_state_whose_memory_is_swapped_is_what_the_next_step_uses(places, stepped, swap):
    p, opt = stepped
    twin = copy.deepcopy((p, opt))
    for tensor in list(opt.state[p].values()):
        swap(tensor)
    for q, optimizer in ((p, opt), twin):
        q.grad = torch.full_like(q, 0.5)
        optimizer.step()
    saved, expected = opt.state_dict()["state"][0], twin[1].state_dict()["state"][0]
    assert torch.equal(p, twin[0]) and saved.keys() == expected.keys()
    assert all(torch.equal(saved[key], expected[key]) for key in saved)
    for tensor in opt.state[p].values():  # what is written there counts
        swap(tensor)
        tensor.zero_()
    opt.step()
    key = "exp_avg" if "exp_avg" in saved else "momentum_buffer"
    fresh = 0.5 if key == "momentum_buffer" else 0.5 * (1 - 0.9)
    assert torch.allclose(opt.state[p][key], torch.full_like(p, fresh))
    assert opt.state[p].get("step", 1) == 1


@pytest.mark.parametrize("rule", ["Adam", "AdamW"])
def test_a_swapped_counter_is_read_between_steps(rule):
    p = parameter(4, 3)
    opt = make(rule, [p])
    p.grad = torch.ones_like(p)
    opt.step()
    opt.state[p]["step"].data = torch.tensor(2.0**24)
    assert opt.state_dict()["state"][0]["step"] == 2**24
    opt.step()
    assert opt.state_dict()["state"][0]["step"] == 2**24 + 1


def test_state_bent_into_another_shape_is_refused(stepped):
    p, opt = stepped
    key = "exp_avg" if "exp_avg" in opt.state[p] else "momentum_buffer"
    opt.state[p][key].data = torch.zeros(3, 4)
    value = p.detach().clone()
    assert "(3, 4); accepted: (4, 3)" in refusal(opt.step)
    assert torch.equal(p, value)


def test_another_group_leaves_state_where_it_is(stepped):
    p, opt = stepped
    views = dict(opt.state[p])
    opt.add_param_group({"params": [parameter(5)], "lr": 0.5})
    opt.step()
    assert all(opt.state[p][key] is view for key, view in views.items())
    assert views.get("step", 2) == 2


def test_views_of_state_outlive_the_optimizer(stepped):
    p, opt = stepped
    views = [value for value in opt.state[p].values()]
    expected = [value.clone() for value in views]
    del opt
    gc.collect()
    assert all(torch.equal(a, b) for a, b in zip(views, expected))


def test_an_optimizer_that_its_own_parameters_hold_is_collected():
    def in_a_circle():
        p = parameter(3)
        p.optimizer = make("Adam", [p])
        p.grad = torch.ones(3)
        p.optimizer.step()
        return weakref.ref(p.optimizer)

    gone = in_a_circle()
    gc.collect()
    assert gone() is None


def test_old_memory_of_values_and_gradients_is_not_touched(stepped):
    p, opt = stepped
    old_value, old_gradient = p.data, p.grad
    kept = old_value.clone(), old_gradient.clone()
    p.data, p.grad = torch.zeros(4, 3), torch.ones(4, 3)
    opt.step()
    assert torch.equal(old_value, kept[0]) and torch.equal(old_gradient, kept[1])
    assert p.abs().min() > 0


def test_a_value_may_take_a_freed_gradients_memory(stepped):
    p, opt = stepped
    gradient = p.grad
    p.grad = torch.ones_like(p)
    p.data = gradient
    opt.step()
    assert opt.state[p].get("step", 2) == 2


def test_state_follows_a_value_into_another_layout():
    p, q = parameter(2, 3, 4, 5), parameter(2, 3, 4, 5)
    ours, theirs = steplab.torch.Adam([p]), torch.optim.Adam([q])
    for step in range(4):
        if step == 2:
            p.data = p.data.to(memory_format=torch.channels_last)
        p.grad = torch.randn(p.shape)
        q.grad = p.grad.clone()
        ours.step(), theirs.step()
    assert ours.state[p]["exp_avg"].stride() == p.stride() != q.stride()
    torch.testing.assert_close(p.contiguous(), q)
    torch.testing.assert_close(ours.state[p]["exp_avg"].contiguous(), theirs.state[q]["exp_avg"])


def test_a_gradient_in_the_values_layout_is_read_where_it_lies():
    p = torch.nn.Parameter(torch.ones(2, 3, 4, 5).to(memory_format=torch.channels_last))
    opt = make("SGD", [p], momentum=0)
    p.grad = torch.randn(p.shape).to(memory_format=torch.channels_last)
    expected = p.detach() - 0.1 * p.grad
    opt.step()
    assert torch.equal(p, expected)


def test_negated_views_count_with_their_sign():
    p = parameter(1)
    opt = make("SGD", [p], momentum=0)
    p.grad = torch.tensor([1 + 2j]).conj().imag
    assert p.grad.is_neg()
    opt.step()
    assert p.item() == pytest.approx(1 + 0.1 * 2)


@pytest.fixture
def without_exchange(monkeypatch):
    """PyTorch as it was before it had DLPack's exchange table."""
    monkeypatch.setattr(torch.Tensor, "__dlpack_c_exchange_api__", None, raising=False)


@pytest.mark.parametrize(
    "name", ["SGD-momentum-layouts", "Adam-all-shapes", "AdamW-plain-moving", "SGD-plain-groups"]
)
def test_older_releases_of_pytorch_are_read_another_way(without_exchange, name):
    torch_cases.run(next(case for case in torch_cases.cases() if case.name == name))
    test_negated_views_count_with_their_sign()


def test_autograd_sees_that_a_step_changed_a_parameter(stepped):
    p, opt = stepped
    product = (p * p).sum()
    p.grad = torch.ones_like(p)
    opt.step()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        product.backward()


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    "tensor, words",
    [
        (lambda: torch.ones(3, dtype=torch.float16), "torch.float16"),
        (lambda: torch.ones(3, dtype=torch.bfloat16), "torch.bfloat16"),
        (lambda: torch.ones(3, dtype=torch.float64), "torch.float64"),
        (lambda: torch.ones(3, dtype=torch.complex64), "torch.complex64"),
        (lambda: torch.ones(3, device="meta"), "device meta"),
        (lambda: torch.ones(3, 3).to_sparse(), "sparse"),
        (lambda: torch.ones(6, 3)[::2], "not dense"),
        (lambda: torch.ones(1, 3).expand(4, 3), "not dense"),
    ],
)
def test_parameters_of_other_kinds_are_refused(rule, tensor, words):
    good = parameter(3)
    bad = tensor().requires_grad_()
    text = refusal(lambda: make(rule, [good, bad]))
    assert "'1'" in text and words in text
    opt = make(rule, [good])
    assert words in refusal(lambda: opt.add_param_group({"params": [bad]}))
    assert len(opt.param_groups) == 1
    good.grad = torch.ones(3)
    opt.step()
    assert not torch.equal(good, torch.ones(3))


def test_a_parameter_that_changes_its_kind_is_refused_by_the_step(stepped):
    p, opt = stepped
    value = p.data
    p.grad = None
    p.data = p.data.half()
    assert "torch.float16" in refusal(opt.step)
    p.data = value[:2].clone()
    assert "shape" in refusal(opt.step)
    p.data = value
    p.grad = torch.ones_like(p)
    opt.step()
    assert opt.state[p].get("step", 2) == 2


def test_gradients_of_other_kinds_are_refused_and_nothing_changes(stepped):
    p, opt = stepped
    value = p.detach().clone()
    p.grad = torch.ones(4, 3).to_sparse()
    assert "sparse" in refusal(opt.step)
    p.grad = torch.ones(4, 3)
    p.grad.data = torch.ones(4, 2)
    assert "(4, 2)" in refusal(opt.step)
    p.grad = p.data
    assert "overlaps" in refusal(opt.step)
    assert torch.equal(p, value) and opt.state[p].get("step", 1) == 1


@pytest.mark.parametrize("rule", RULES)
def test_options(rule):
    for name in ("foreach", "fused"):
        make(rule, [parameter(3)], **{name: True})
    assert "differentiable" in refusal(lambda: make(rule, [parameter(3)], differentiable=True))
    if rule != "SGD":
        assert "capturable" in refusal(lambda: make(rule, [parameter(3)], capturable=True))
    assert "lr is -1" in refusal(lambda: make(rule, [parameter(3)], lr=-1))
    assert "0" in refusal(lambda: make(rule, [parameter(3)], threads=0))
    with pytest.raises(ValueError):
        make(rule, [])
    opt = make(rule, [parameter(3)], variant="scalar/serial", threads=1)
    opt.param_groups[0]["lr"] = float("nan")
    assert "lr is nan" in refusal(opt.step)


def test_parameters_that_share_memory_are_refused():
    base = torch.ones(4)
    assert "overlap" in refusal(lambda: make("Adam", [base.requires_grad_(), base.detach().requires_grad_()]))


def test_loading_what_does_not_fit_changes_nothing(stepped):
    p, opt = stepped
    saved = opt.state_dict()
    bad = {"state": {0: {k: torch.ones(2) for k in saved["state"][0]}}, "param_groups": saved["param_groups"]}
    expected = {k: v.clone() for k, v in opt.state[p].items()}
    refusal(lambda: opt.load_state_dict(bad))
    assert all(torch.equal(opt.state[p][key], value) for key, value in expected.items())
    opt.step()
    assert opt.state[p].get("step", 2) == 2


def test_pickling_keeps_everything(stepped):
    p, opt = stepped
    again = pickle.loads(pickle.dumps(opt))
    q = again.param_groups[0]["params"][0]
    assert again.state[q].keys() == opt.state[p].keys()
    for tensor, each in ((p, opt), (q, again)):
        tensor.grad = torch.full((4, 3), 0.5)
        each.step()
    assert torch.equal(p, q)


def test_groups_edited_in_place_are_followed(stepped):
    p, opt = stepped
    q = parameter(5)
    q.grad = torch.ones(5)
    opt.param_groups[0]["params"].append(q)
    opt.step()
    assert not torch.equal(q, torch.ones(5)) and opt.state[p].get("step", 2) == 2
    opt.param_groups[0]["params"] = [q]
    value = p.detach().clone()
    opt.step()
    assert torch.equal(p, value)


def test_every_variant_gives_the_same_bits():
    results = []
    for variant in steplab.info()["variants"]:
        torch.manual_seed(0)
        p = torch.nn.Parameter(torch.randn(40_000))
        opt = steplab.torch.AdamW([p], variant=variant)
        for _ in range(3):
            p.grad = torch.randn(40_000)
            opt.step()
        results.append(p.detach().clone())
    assert all(torch.equal(result, results[0]) for result in results)


def test_the_profiler_sees_steps(stepped):
    _, opt = stepped
    with torch.profiler.profile() as profile:
        opt.step()
    assert any("Optimizer.step#" in event.key for event in profile.key_averages())


# ---- what differs on purpose


def test_an_overflowing_gradient_is_loud_where_pytorch_freezes():
    p, q = parameter(1), parameter(1)
    ours, theirs = steplab.torch.Adam([p]), torch.optim.Adam([q])
    for gradient in (2.0**70, 1.0, 1.0):
        p.grad, q.grad = torch.tensor([gradient]), torch.tensor([gradient])
        ours.step(), theirs.step()
    assert torch.isinf(theirs.state[q]["exp_avg_sq"]) and torch.isfinite(q)
    assert torch.isnan(ours.state[p]["exp_avg_sq"]) and torch.isnan(p)


def test_step_counts_are_exact_where_pytorchs_stay():
    p, q = parameter(1), parameter(1)
    ours, theirs = steplab.torch.Adam([p]), torch.optim.Adam([q])
    for tensor, opt in ((p, ours), (q, theirs)):
        tensor.grad = torch.ones(1)
        opt.step()
        opt.state[tensor]["step"].fill_(2**24)
        for _ in range(3):
            opt.step()
    assert theirs.state[q]["step"].item() == 2**24
    assert ours.state_dict()["state"][0]["step"].item() == 2**24 + 3
    following = steplab.torch.Adam([p])
    following.load_state_dict(ours.state_dict())
    following.step()
    assert following.state_dict()["state"][0]["step"].item() == 2**24 + 4
    ours.add_param_group({"params": [parameter(2)]})
    assert ours.state_dict()["state"][0]["step"].item() == 2**24 + 3


def test_moments_have_less_error_than_pytorchs():
    gradients = np.random.default_rng(1).standard_normal((500, 1000)).astype(np.float32)
    exact = np.zeros(1000)
    for gradient in gradients:
        exact = 0.999 * exact + 0.001 * gradient.astype(np.float64) ** 2
    errors = []
    for optimizer in (steplab.torch.Adam, torch.optim.Adam):
        p = parameter(1000)
        opt = optimizer([p])
        for gradient in gradients:
            p.grad = torch.from_numpy(gradient)
            opt.step()
        errors.append(np.abs(opt.state[p]["exp_avg_sq"].numpy() / exact - 1).mean())
    assert errors[0] < errors[1] / 10
