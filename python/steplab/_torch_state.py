"""``opt.state`` of steplab.torch: PyTorch's dictionaries, which note when somebody else changes them.

The tensors in them are views of the optimizer's memory, so that reading them, or writing into them, needs
nothing more. Putting another tensor there, or taking one away, is noted, and a step sees when a tensor was
given other memory: it then starts from what is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple


class Mark:
    """Whether the state was changed from outside."""

    __slots__ = ("stale",)

    def __init__(self) -> None:
        self.stale = True


def _noting(name: str):
    original = getattr(dict, name)

    def method(self, *args, **kwargs):
        self._mark.stale = True
        return original(self, *args, **kwargs)

    method.__name__ = name
    return method


class _Noting(dict):
    """A dictionary whose every change from outside sets its mark."""

    __slots__ = ("_mark",)

    for _name in ("__delitem__", "__ior__", "clear", "pop", "popitem", "setdefault", "update"):
        locals()[_name] = _noting(_name)


class Counter(NamedTuple):
    """The optimizer's count of a parameter's steps, and the tensor that shows it."""

    tensor: Any
    address: int
    core: Any
    index: int

    def is_in(self, tensor: Any) -> bool:
        return tensor is self.tensor and tensor.data_ptr() == self.address


class Entry(_Noting):
    """The state of one parameter; what others keep in it under keys of their own is not ours to note.

    A step count may be more than its float32 tensor can show: `_counter` knows it.
    """

    __slots__ = ("_counter",)
    keys_of_ours: frozenset[str] = frozenset(
        ("step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq", "momentum_buffer")
    )

    def __init__(self, mark: Mark, items: Iterable = ()) -> None:
        super().__init__(items)
        self._mark = mark
        self._counter = items._counter if isinstance(items, Entry) else None

    def count(self) -> float:
        """The step count."""
        if self._counter is not None and self._counter.is_in(self["step"]):
            return self._counter.core.step_count(self._counter.index)
        return float(self["step"])

    def __setitem__(self, key: str, value: Any) -> None:
        if key in self.keys_of_ours:
            self._mark.stale = True
        super().__setitem__(key, value)

    def __reduce__(self):
        return dict, (dict(self),)


class State(_Noting):
    """Entries by parameter; asking for one that is not there makes an empty one, as PyTorch does."""

    __slots__ = ()

    def __init__(self, mark: Mark, items: dict) -> None:
        super().__init__(
            (key, Entry(mark, value) if isinstance(value, dict) else value) for key, value in items.items()
        )
        self._mark = mark

    def __missing__(self, key: Any) -> Entry:
        entry = Entry(self._mark)
        super().__setitem__(key, entry)
        return entry

    def __setitem__(self, key: Any, value: Any) -> None:
        self._mark.stale = True
        super().__setitem__(key, Entry(self._mark, value) if isinstance(value, dict) else value)

    def plain(self) -> defaultdict:
        """The same in dictionaries that note nothing, with the same tensors."""
        return defaultdict(dict, {k: dict(v) if isinstance(v, dict) else v for k, v in self.items()})

    def __reduce__(self):
        return defaultdict, (dict, dict(self.plain()))
