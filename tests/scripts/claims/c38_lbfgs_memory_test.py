"""C38: memory of L-BFGS, by arithmetic on a made-up planner."""

from memory_rows import evidence

from steplab_study.claims import c38_lbfgs_memory as claim
from steplab_study.claims.verdict import HOLDS, NO


def test_more_than_adams_state_at_every_history_supports_it():
    assert claim.decide({"adam": 8, "lbfgs": {5: 40, 20: 160}}).word == HOLDS
    assert claim.decide({"adam": 8, "lbfgs": {1: 8, 20: 160}}).word == NO


def test_two_vectors_a_step_of_history():
    table = {"adam": {"parameters": 40 * 10**9, "state": 80 * 10**9}}
    numbers = claim.measure(evidence(planner={str(10**10): table}))
    assert numbers["lbfgs"][10] == 20 * 40 * 10**9
    assert "800 GB with a history of 10" in claim.decide(numbers).text
    assert claim.measure(evidence()) is None


CASES = {
    HOLDS: {"adam": 8, "lbfgs": {5: 40, 10: 80, 20: 160}},
    NO: {"adam": 80, "lbfgs": {5: 40, 10: 80, 20: 160}},
}
