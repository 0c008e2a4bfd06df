"""C03: ten billion parameters, on a made-up planner and rows."""

import pytest
from memory_rows import evidence, rows

from steplab_study.claims import c03_ten_billion as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, IN_PART, NO, OPEN

GB = 10**9
PLANNED = {"sgd_momentum": [40 * GB, 40 * GB], "adam": [40 * GB, 80 * GB]}
SIZES = [10**4, 10**8]


def found(planned=None, slopes=None, sizes=None):
    return {
        "planned": planned or PLANNED,
        "slopes": {"sgd_momentum": 8.0, "adam": 12.0} if slopes is None else slopes,
        "sizes": sizes or SIZES,
    }


@pytest.mark.parametrize(
    "numbers, expected",
    [
        (found(), HOLDS),
        (found(slopes={"sgd_momentum": 8.007, "adam": 12.01}), HOLDS),
        (found(slopes={"sgd_momentum": 8.0, "adam": 12.1}), IN_PART),
        (found(slopes={"sgd_momentum": 8.0, "adam": 12.015}), ROUGHLY),
        (found(planned={**PLANNED, "adam": [40 * GB, 80 * GB + 1]}), NO),
        (found(sizes=[10**4, 10**7]), OPEN),
        (found(slopes={}), OPEN),
    ],
)
def test_each_verdict(numbers, expected):
    assert claim.decide(numbers).word == expected


def test_the_slope_leaves_gradients_and_what_does_not_grow_out():
    models = {str(claim.MODEL): {o: dict(zip(("parameters", "state"), v)) for o, v in PLANNED.items()}}
    memory = rows("sgd_momentum", SIZES) + rows("adam", SIZES)
    for one in memory:
        one["resident_total_growth_bytes"] += 50_000
    numbers = claim.measure(evidence(memory, planner=models))
    assert numbers["slopes"] == {"sgd_momentum": pytest.approx(8), "adam": pytest.approx(12)}
    text = claim.decide(numbers).text
    assert "40 GB of parameters, 80 GB of Adam's state (120 GB in all)" in text and "12.000 B" in text


def test_without_the_planner_there_is_nothing():
    assert claim.measure(evidence(rows("adam", SIZES))) is None


CASES = {
    HOLDS: found(),
    ROUGHLY: found(slopes={"sgd_momentum": 8.01, "adam": 12.0}),
    IN_PART: found(slopes={"sgd_momentum": 9.0, "adam": 13.0}),
    NO: found(planned={**PLANNED, "adam": [40 * GB, 90 * GB]}),
    OPEN: found(slopes={}),
}
