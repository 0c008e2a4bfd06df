"""What `study compare` says of made-up samples: rarely a difference where none is, mostly the one there
is."""

import numpy as np
import pytest

from steplab_study.compare import rule
from steplab_study.statistics import intervals

ROUNDS, CELLS, TABLES = 9, 40, 40


@pytest.fixture
def few_draws(monkeypatch):
    monkeypatch.setattr(intervals, "DRAWS", 300)  # bootstrap draws decide only `same`


def _table(seed, factor=1.0, noise=0.02):
    """Samples of both sides: lognormal noise, a drift over the rounds that all cells share, and outliers;
    B takes `factor` times as long as A."""
    generator = np.random.default_rng(seed)
    drift = 1 + 0.03 * generator.standard_normal() * np.linspace(0, 1, 2 * ROUNDS)
    sides = [{}, {}]
    for cell in range(CELLS):
        base = generator.uniform(0.1, 2)
        samples = base * drift * np.exp(noise * generator.standard_normal(2 * ROUNDS))
        late = generator.random(2 * ROUNDS) < 0.05
        samples[late] *= generator.uniform(1.05, 1.5, late.sum())
        for i, side in enumerate(sides):
            places = [2 * r + (i if r % 2 == 0 else 1 - i) for r in range(ROUNDS)]  # A B, B A, …
            side[f"step/made-up/{cell}"] = list(samples[places] * (factor if i else 1))
    return sides


def _verdicts(factor, count, effect=None):
    found = []
    for seed in range(count):
        a, b = _table(seed, factor)
        chosen = rule.minimum_effect(effect, rule.aa_difference((a, b)))
        found.append([cell.verdict for cell in rule.judge(a, b, chosen)])
    return found


@pytest.mark.parametrize("effect", [None, 0.0])
def test_a_program_against_itself_is_rarely_called_different(few_draws, effect):
    tables = _verdicts(1.0, TABLES, effect)
    wrong = [sum(word in ("faster", "slower") for word in words) for words in tables]
    assert sum(wrong) <= 0.05 * CELLS * TABLES
    assert sum(w > 0 for w in wrong) <= 0.1 * TABLES  # whole tables: 5 % expected, with its own scatter


def test_without_the_rule_chance_would_be_called_a_difference():
    wrong = 0
    for seed in range(TABLES):
        a, b = _table(seed)
        wrong += sum(not 1 / 1.01 < np.median(b[c]) / np.median(a[c]) < 1.01 for c in a)
    assert wrong > 0.2 * CELLS * TABLES


@pytest.mark.parametrize("factor, word", [(1.05, "slower"), (1 / 1.05, "faster")])
def test_a_difference_of_five_percent_is_found(few_draws, factor, word):
    words = sum(_verdicts(factor, 15), [])
    assert words.count(word) > 0.8 * len(words)
    assert not {"faster", "slower"} - {word} & set(words)
    assert "same" not in words


def test_a_lone_difference_among_many_cells_is_found_more_often_than_not(few_draws):
    found = 0
    for seed in range(15):
        (a, b), changed = _table(seed), "step/made-up/7"
        b[changed] = [1.12 * x for x in b[changed]]
        effect = rule.minimum_effect(None, rule.aa_difference((a, b)))
        cells = rule.judge(a, b, effect)
        found += next(c.verdict for c in cells if c.id == changed) == "slower"
    assert found > 15 / 2


def _one(a, b, effect=0.02, **more):
    return rule.judge({"c": a}, {"c": b}, effect, **more)[0]


SAMPLES = [1.0, 1.001, 1.002, 0.999, 0.998, 1.003, 0.997, 1.0005, 1.0015]


def test_quiet_equal_cells_are_the_same():
    assert _one(SAMPLES, SAMPLES[::-1]).verdict == "same"


def test_a_certain_difference_below_the_minimum_effect_is_no_difference():
    found = _one(SAMPLES, [1.01 * x for x in SAMPLES])
    assert found.p < 0.05
    assert found.verdict == "same"
    assert _one(SAMPLES, [1.01 * x for x in SAMPLES], 0.005).verdict == "slower"


def test_noise_beyond_the_minimum_effect_is_undecided():
    assert (
        _one([1, 1.3, 0.8, 1.1, 0.9, 1.2, 0.7], [1.05, 1.25, 0.85, 1.1, 0.95, 1.15, 0.75]).verdict
        == "undecided"
    )


def test_too_few_samples_decide_nothing():
    assert _one(SAMPLES[:4], [2 * x for x in SAMPLES[:4]]).verdict == "undecided"


def test_two_machines_decide_nothing():
    assert _one(SAMPLES, [2 * x for x in SAMPLES], comparable=False).verdict == "undecided"


def test_the_largest_effect_comes_first_in_either_direction():
    a = {name: SAMPLES for name in "xyz"}
    b = {"x": SAMPLES, "y": [1.5 * x for x in SAMPLES], "z": [0.5 * x for x in SAMPLES]}
    found = rule.judge(a, b, 0.02)
    assert [c.id for c in found] == ["z", "y", "x"]
    assert rule.summary(found, 0.02) == (
        "3 cells: 1 faster, 1 slower, 1 same, 0 undecided (minimum effect 2.0 %); most slower: y, +50.0 %;"
        " most faster: z, -50.0 %"
    )


def test_the_minimum_effect_is_the_larger_of_two_percent_and_what_a_program_shows_against_itself():
    quiet = rule.aa_difference(({"c": [1.0] * 8}, {"c": [1.0] * 8}))
    noisy = rule.aa_difference(({"c": [1.0, 1.1] * 4}, {"c": [1.0, 1.1] * 4}))
    assert rule.minimum_effect(None, quiet) == 0.02
    assert rule.minimum_effect(None, noisy) == pytest.approx((1 - 1 / 1.1) / 2**0.5)
    assert rule.minimum_effect(0.3, noisy) == 0.3
    assert rule.minimum_effect(None, None) == 0.02
