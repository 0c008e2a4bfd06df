"""C05: no momentum, no buffers, on made-up rows."""

import pytest
from memory_rows import evidence, rows

from steplab_study.claims import c05_lazy_momentum as claim
from steplab_study.claims.verdict import HOLDS, NO, OPEN


def found(off, on):
    both = {"off": dict(zip(("accounted", "resident"), off)), "on": dict(zip(("accounted", "resident"), on))}
    return {**{k: {n: [x] for n, x in v.items()} for k, v in both.items()}, "sizes": [10**6]}


@pytest.mark.parametrize(
    "off, on, expected",
    [
        ((0, 0.002), (4, 4.002), HOLDS),
        ((4, 4), (4, 4), NO),
        ((0, 0.05), (4, 4), NO),
        ((0.001, 0), (4, 4), NO),
        ((0, 0), (4, 0), OPEN),
    ],
)
def test_each_verdict(off, on, expected):
    assert claim.decide(found(off, on)).word == expected


def test_it_is_measured_with_its_control():
    memory = rows("sgd", (10**6, 10**7)) + rows("sgd_momentum", (10**6, 10**7))
    verdict = claim.decide(claim.measure(evidence(memory)))
    assert verdict.word == HOLDS and "4.000 to 4.000 B" in verdict.text
    assert claim.measure(evidence(rows("sgd", (10**6,)))) is None


CASES = {HOLDS: found((0, 0.0), (4, 4)), NO: found((4, 4), (4, 4)), OPEN: found((0, 0), (4, 0))}
