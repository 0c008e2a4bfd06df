"""The smallest detectable difference, and how often the rule claims one where there is none."""

import random

import pytest

from steplab_study.benchmarks.aa_floor import distance, false_positives, floor_of, smallest_difference, twins
from steplab_study.benchmarks.cell import Cell


def cell(n, samples, rest=""):
    made = Cell(f"step/adam/xsimd/serial/n:{n}/tensors:1/threads:1{rest}", n, "adam", "xsimd", rest=rest)
    made.samples = samples
    return made


def noisy(generator, spread):
    return [1 + spread * generator.gauss(0, 1) for _ in range(9)]


def machine(spread, pairs=30, seed=1):
    generator = random.Random(seed)
    return [cell(n, noisy(generator, spread), rest) for n in range(pairs) for rest in ("", "/again")]


def test_a_pair_is_a_cell_and_its_second_name():
    cells = [cell(1, [1.0], "/again"), cell(1, [2.0]), cell(2, [3.0], "/again"), cell(1, [9.0], "/cold")]
    assert [(a.samples, b.samples) for a, b in twins(cells)] == [([2.0], [1.0])]


def test_distance_is_the_same_from_both_sides():
    assert distance([1.0], [1.25]) == distance([1.25], [1.0]) == 0.25


def test_the_floor_is_the_95_percent_quantile_never_below_what_few_pairs_showed():
    assert floor_of([0.01 * k for k in range(1, 101)]) == pytest.approx(0.95)
    assert floor_of([0.1, 0.3, 0.2]) == 0.3
    assert floor_of([]) is None


def test_a_quieter_machine_can_tell_smaller_differences():
    assert smallest_difference(machine(0.001)) < 0.1 * smallest_difference(machine(0.05))


def test_without_pairs_the_halves_of_the_rounds_tell():
    assert smallest_difference([cell(1, [1.0, 1.1] * 3)]) == pytest.approx(0.1)
    assert smallest_difference([cell(1, [1.0, 1.1])]) is None


@pytest.mark.parametrize("seed", range(5))
def test_pure_noise_is_seldom_taken_for_a_difference(seed):
    found = false_positives(machine(0.03, seed=seed))
    assert found.pairs == 30 and found.compared == 90
    assert found.acceptable and found.rate <= 0.05


def test_cells_that_truly_differ_from_themselves_are_counted_as_false_positives():
    steady = [cell(n, [1.0] * 9, rest) for n in range(10) for rest in ("", "/again")]
    flickering = [cell(n, [1.0, 2.0] * 5) for n in range(10, 20)]  # even rounds differ from odd ones
    found = false_positives(steady + flickering)
    assert found.claimed == 10 and not found.acceptable


def test_a_pair_is_held_against_the_floor_of_the_others():
    quiet = [cell(n, [1.0] * 9, rest) for n in range(30) for rest in ("", "/again")]
    odd_one = [cell(99, [1.0] * 9), cell(99, [1.5] * 9, "/again")]
    assert false_positives(quiet + odd_one).claimed == 1


def test_without_anything_measured_twice_there_is_no_rate():
    assert false_positives([cell(1, [1.0])]) is None


def test_pairs_of_fewer_than_three_samples_claim_nothing():
    assert false_positives([cell(1, [1.0, 1.0]), cell(1, [9.0, 9.0], "/again")]) is None
