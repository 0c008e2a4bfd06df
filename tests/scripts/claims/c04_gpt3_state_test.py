"""C04: 175 billion parameters, on a made-up planner."""

from memory_rows import evidence

from steplab_study.claims import c04_gpt3_state as claim
from steplab_study.claims.verdict import HOLDS, NO

TB = 10**12


def test_exactly_these_bytes_support_it_and_others_contradict_it():
    assert claim.decide({"parameters": 7 * TB // 10, "state": 14 * TB // 10}).word == HOLDS
    assert claim.decide({"parameters": 7 * TB // 10, "state": 14 * TB // 10 + 1}).word == NO
    assert claim.decide({"parameters": 14 * TB // 10, "state": 14 * TB // 10}).word == NO


def test_it_is_read_from_the_planner():
    table = {"adam": {"parameters": 7 * TB // 10, "state": 14 * TB // 10}}
    numbers = claim.measure(evidence(planner={str(175 * 10**9): table}))
    assert "1.4 TB of Adam's state beside 700 GB" in claim.decide(numbers).text
    assert claim.measure(evidence()) is None


CASES = {
    HOLDS: {"parameters": 7 * TB // 10, "state": 14 * TB // 10},
    NO: {"parameters": 7 * TB // 10, "state": 21 * TB // 10},
}
