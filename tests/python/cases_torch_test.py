"""Every case of torch_cases.py, against the installed PyTorch."""

import pytest
import torch_cases


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("case", torch_cases.cases(), ids=lambda case: case.name)
def test_case(case):
    torch_cases.run(case)


def test_a_wrong_result_is_found(monkeypatch):
    """The comparison itself: PyTorch with another learning rate is not PyTorch."""
    case = next(case for case in torch_cases.cases() if case.name == "AdamW-plain-shapes")
    step = torch_cases.steplab.torch.AdamW.step

    def other(self, closure=None):
        self.param_groups[0]["lr"] = 0.0101
        return step(self, closure)

    monkeypatch.setattr(torch_cases.steplab.torch.AdamW, "step", other)
    with pytest.raises(AssertionError, match="times the tolerance"):
        torch_cases.run(case)
