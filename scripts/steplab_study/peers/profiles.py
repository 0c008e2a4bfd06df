"""How much of everything a run of `./scripts/study peers` does: counts, not clocks."""

from dataclasses import dataclass

from ..errors import UsageError
from .list import ALL

SEED = 20240229
CHECKED = (1, 17, 1000, 4099, 65536)  # elements of the tensors that are compared: tails, and several blocks
HELD = {"sgdm": 12, "adam": 16, "adamw": 16}  # bytes a parameter of a prepared cell: value, gradient, state
MEMORY = (4194304,)  # elements of the one tensor whose state is weighed


@dataclass(frozen=True)
class Rounds:
    """`tensors` names a list of tensors; a number is one tensor of so many elements."""

    tensors: str
    count: int
    seconds: float = 0.02  # that a sample lasts at least


@dataclass(frozen=True)
class PeersProfile:
    name: str
    purpose: str
    rounds: tuple
    rules: tuple
    skipped: tuple = ()  # (rule, list)
    packages: bool = True  # peers of PyPI too

    @property
    def peers(self):
        return tuple(peer for peer in ALL if self.packages or not peer.package)

    def cells(self):
        """[(rule, Rounds)] in the order of measuring."""
        return [
            (rule, rounds)
            for rounds in self.rounds
            for rule in self.rules
            if (rule, rounds.tensors) not in self.skipped
        ]


_RULES = ("sgdm", "adam", "adamw")
_SMOKE = PeersProfile(
    name="smoke",
    purpose="seconds: 2 sizes, 2 rounds, nothing of PyPI; shows that the chain works, measures nothing",
    rounds=(Rounds("1024", 2, 0.002), Rounds("32768", 2, 0.002)),
    rules=_RULES,
    packages=False,
)
_LONG = 0.1  # for cells whose single step is longer than a short sample: several steps of each
_QUICK = PeersProfile(
    name="quick",
    purpose="about 10 minutes: 2 sizes and the network of 300 tensors, sgdm and adamw, 5 rounds",
    rounds=(Rounds("32768", 5), Rounds("33554432", 5, _LONG), Rounds("network300", 5)),
    rules=("sgdm", "adamw"),
)
_STANDARD = PeersProfile(
    name="standard",
    purpose="about 40 minutes: 4 sizes and 3 networks, all rules; 9 rounds, 5 of 33 M, 3 of GPT-2",
    rounds=(
        Rounds("1024", 9),
        Rounds("32768", 9),
        Rounds("1048576", 9),
        Rounds("33554432", 5, _LONG),
        Rounds("network300", 9),
        Rounds("resnet18", 9, _LONG),
        Rounds("gpt2", 3, _LONG),
    ),
    rules=_RULES,
    skipped=(("adam", "gpt2"),),
)
PROFILES = {profile.name: profile for profile in (_SMOKE, _QUICK, _STANDARD)}


def profile_named(name):
    if name not in PROFILES:
        raise UsageError(f"unknown profile '{name}'; known profiles of peers: {', '.join(PROFILES)}")
    return PROFILES[name]


def tensors_of(name, lists):
    """Elements of each tensor of a list; `lists` are those of networks."""
    return [int(name)] if name.isdigit() else lists[name]
