"""How much of everything a run of `./scripts/study peers` does: counts, not clocks."""

from dataclasses import dataclass

from .errors import UsageError
from .peers_list import ALL

SEED = 20240229
CHECKED = (1, 17, 1000, 4099, 65536)  # elements of the tensors that are compared: tails, and several blocks
MEMORY = (4194304,)  # elements of the one tensor whose state is weighed


@dataclass(frozen=True)
class PeersProfile:
    name: str
    purpose: str
    rounds: tuple  # (list of tensors, rounds); a number is one tensor of so many elements
    rules: tuple
    skipped: tuple = ()  # (rule, list)
    min_seconds: float = 0.02  # that a sample lasts at least
    packages: bool = True  # peers of PyPI too

    @property
    def peers(self):
        return tuple(peer for peer in ALL if self.packages or not peer.package)

    def cells(self, threads):
        """[(rule, list, threads, rounds)] in the order of measuring."""
        return [
            (rule, name, threads, rounds)
            for name, rounds in self.rounds
            for rule in self.rules
            if (rule, name) not in self.skipped
        ]


_RULES = ("sgdm", "adam", "adamw")
_SMOKE = PeersProfile(
    name="smoke",
    purpose="seconds: 2 sizes, 2 rounds, nothing of PyPI; shows that the chain works, measures nothing",
    rounds=(("1024", 2), ("32768", 2)),
    rules=_RULES,
    min_seconds=0.002,
    packages=False,
)
_QUICK = PeersProfile(
    name="quick",
    purpose="about 10 minutes: 2 sizes and the 300 tensors, sgdm and adamw, 5 rounds",
    rounds=(("32768", 5), ("33554432", 5), ("network300", 5)),
    rules=("sgdm", "adamw"),
)
_STANDARD = PeersProfile(
    name="standard",
    purpose="about 30 minutes: 4 sizes and 3 networks, all rules; 9 rounds, 5 of 33 M, 3 of GPT-2",
    rounds=(
        ("1024", 9),
        ("32768", 9),
        ("1048576", 9),
        ("33554432", 5),
        ("network300", 9),
        ("resnet18", 9),
        ("gpt2", 3),
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
