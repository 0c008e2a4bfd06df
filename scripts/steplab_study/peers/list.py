"""Who is measured beside steplab, in the order of tables; a new peer is a file in bench/peers and a line
here.

The title stands where a peer is not installed; one that runs says its own.
"""

from dataclasses import dataclass

from ..errors import UsageError

BASE = "steplab"  # what every ratio stands on: in each run, whichever peers are asked for
REFERENCE = "steplab_scalar"  # what every result is checked against, with one thread


@dataclass(frozen=True)
class Peer:
    name: str
    title: str
    group: str = "others"  # shown together
    program: bool = False  # steplab's own C++ program; else a file of bench/peers, run by Python
    package: bool = True  # needs packages of PyPI
    compiles: bool = False  # translates its step when it is prepared, which takes minutes


ALL = (
    Peer("steplab", "steplab", group="steplab", program=True, package=False),
    Peer("torch_default", "torch default", group="torch"),
    Peer("torch_foreach", "torch foreach", group="torch"),
    Peer("torch_fused", "torch fused", group="torch"),
    Peer("torch_fused_huge", "torch fused, huge pages", group="torch"),
    Peer("torch_compiled", "torch compiled", group="torch", compiles=True),
    Peer("deepspeed", "DeepSpeedCPUAdam"),
    Peer("deepspeed_huge", "DeepSpeedCPUAdam, huge pages"),
    Peer("optax", "optax, jit", compiles=True),
    Peer("torchao_32bit", "torchao 32-bit", compiles=True),
    Peer("bitsandbytes_32bit", "bitsandbytes 32-bit"),
    Peer("torchao_8bit", "torchao 8-bit", compiles=True),
    Peer("bitsandbytes_8bit", "bitsandbytes 8-bit"),
    Peer("numpy_form", "NumPy form", package=False),
    Peer("steplab_dropin", "steplab.torch", group="steplab"),
    Peer("steplab_arrays", "steplab over NumPy arrays", group="steplab", package=False),
    Peer("steplab_autovec", "steplab, auto-vectorised", group="steplab", program=True, package=False),
    Peer("steplab_scalar", "steplab, scalar", group="steplab", program=True, package=False),
)
BY_NAME = {peer.name: peer for peer in ALL}


def peers_named(names, profile):
    """The peers of a comma-separated list, all of the profile's without one; the base always among
    them."""
    if names is None:
        return profile.peers
    wanted = [name.strip() for name in names.split(",")]
    known = [peer.name for peer in profile.peers]
    for name in wanted:
        if name not in known:
            raise UsageError(
                f"unknown peer '{name}' in --peer; peers of profile {profile.name}: {', '.join(known)}"
            )
    return tuple(peer for peer in profile.peers if peer.name in (*wanted, BASE))
