"""C03: ten billion parameters, on a made-up planner and rows."""

import pytest
from memory_rows import evidence, rows

from steplab_study.claims import c03_ten_billion as claim
from steplab_study.claims.verdict import CONTRADICTED, IMPRECISE, NOT_MEASURED, SUPPORTED

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
        (found(), SUPPORTED),
        (found(slopes={"sgd_momentum": 8.007, "adam": 12.01}), SUPPORTED),
        (found(slopes={"sgd_momentum": 8.0, "adam": 12.1}), IMPRECISE),
        (found(planned={**PLANNED, "adam": [40 * GB, 80 * GB + 1]}), CONTRADICTED),
        (found(sizes=[10**4, 10**7]), NOT_MEASURED),
        (found(slopes={}), NOT_MEASURED),
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
