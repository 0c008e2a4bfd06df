"""What a peer is to the worker: an optimizer of somebody else's over a list of float32 tensors."""

import importlib.metadata


class NotOffered(Exception):
    """The peer has no such rule, or not on CPUs."""

    not_offered = True


class Peer:
    """Made with the values to start from; step() updates its own copy or those arrays in place.

    `title` stands in tables, `package` is the distribution whose version is told, `rules` are those it
    offers; `differs` says where its results differ from ours by design, beyond rounding ("" where they do
    not).
    """

    title: str
    package: str
    rules: tuple[str, ...]
    differs = ""

    @classmethod
    def prepared(cls, threads):
        """The class, once its library runs that many threads.

        Raises what keeps it from running here.
        """
        return cls

    @classmethod
    def version(cls):
        return importlib.metadata.version(cls.package)

    def __init__(self, rule, values, threads):
        """Over float32 arrays of one dimension, each aligned to 64 bytes, that nobody else uses."""
        raise NotImplementedError

    def set_gradients(self, gradients):
        """Steps use these arrays' numbers from now on; the peer may keep the arrays."""
        raise NotImplementedError

    def step(self):
        raise NotImplementedError

    def finish(self):
        """Returns once every step so far is complete."""

    def values(self):
        """The parameters as NumPy arrays, in order."""
        raise NotImplementedError

    def state_bytes(self):
        """What is kept between steps beside values and gradients."""
        raise NotImplementedError
