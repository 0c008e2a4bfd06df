"""C29: a checkpoint with Adam's state, on made-up files."""

from memory_rows import evidence, rows

from steplab_study.claims import c29_checkpoint_size as claim
from steplab_study.claims.verdict import HOLDS, ROUGHLY, NO


def found(**ratios):
    return {int(n[1:]): {"data": ratio, "file": ratio} for n, ratio in ratios.items()}


def test_three_times_from_1e5_on_supports_it():
    assert claim.decide(found(n10000=2.8, n100000=3.01, n1000000=2.99)).word == HOLDS


def test_another_ratio_at_any_larger_size_contradicts_it():
    assert claim.decide(found(n100000=3.0, n1000000=3.05)).word == NO
    assert claim.decide(found(n100000=3.0, n1000000=3.04)).word == ROUGHLY


def test_headers_are_apart():
    numbers = claim.measure(evidence(rows("adam", (10**4, 10**6))))
    assert numbers[10**4]["data"] == (12 * 10**4 + 8) / (4 * 10**4)
    assert numbers[10**4]["file"] < 3
    assert "3.00 times" in claim.decide(numbers).text


def test_small_files_alone_or_none_are_nothing():
    assert claim.measure(evidence(rows("adam", (10**4,)))) is None
    assert claim.measure(evidence(rows("adam", (10**6,), checkpoint=False))) is None


CASES = {HOLDS: found(n100000=3.0), ROUGHLY: found(n100000=3.04), NO: found(n100000=2.0, n1000000=3.0)}
