"""C13: whether two forms of the updates are identical, on made-up differences."""

from steplab_study.claims import c13_same_updates as claim
from steplab_study.claims.verdict import HOLDS, IN_PART, NO

SAME, SKIPS, APART = (1e-16, 1e-16), (1e-16, 1e-3), (1e-5, 1e-3)


def found(**rules):
    made = {name: {"every": every, "skipped": skipped} for name, (every, skipped) in rules.items()}
    return {"steps": 20, "rules": made, "library": 1e-7}


def word(**rules):
    return claim.decide(found(**rules)).word


def test_all_rules_identical_support_it():
    assert word(sgd=SAME, momentum=SAME, adam=SAME, adamw=SAME) == HOLDS


def test_some_rules_or_some_cases_are_imprecise():
    assert word(sgd=SAME, adam=SKIPS, adamw=APART) == IN_PART
    assert word(sgd=APART, adam=SKIPS) == IN_PART


def test_no_rule_identical_contradicts_it():
    assert word(sgd=APART, adam=APART) == NO


def test_the_text_names_the_rules_of_each_kind():
    text = claim.decide(found(sgd=SAME, momentum=SAME, adam=SKIPS, adamw=APART)).text
    assert "identical to 1e-12: SGD and SGD-M" in text
    assert "Adam while no gradient is missing" in text and "different: AdamW" in text


class _Evidence:
    def outcomes(self, _):
        case = {"texts": 1e-16, "teaching": 2e-7, "pytorch": 3e-7}
        return {"identity": {"steps": 20, "rules": {"sgd": {"every": case, "skipped": case}}}}


def test_what_is_measured_has_the_librarys_largest_distance():
    measured = claim.measure(_Evidence())
    assert measured["library"] == 3e-7
    assert measured["rules"] == {"sgd": {"every": 1e-16, "skipped": 1e-16}}


CASES = {
    HOLDS: found(sgd=SAME, momentum=SAME, adam=SAME, adamw=SAME),
    IN_PART: found(sgd=SAME, momentum=SAME, adam=SKIPS, adamw=APART),
    NO: found(sgd=APART, adam=APART),
}
