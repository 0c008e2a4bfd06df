"""The points of a search: balanced, the same everywhere, within their space."""

import pytest

from steplab_study.protocol import ranking as protocol
from steplab_study.tuning.sobol import axes_at_their_ends, box_points, sobol, space_points

FIRST_POINTS = [[0.23281, 0.084483], [0.608609, 0.932242], [0.777376, 0.291478], [0.403664, 0.693749]]


def test_sobol_is_the_same_everywhere():
    points = sobol(4, 2, 7)
    assert points == sobol(4, 2, 7)
    assert points != sobol(4, 2, 8)
    assert [[round(x, 6) for x in p] for p in points] == FIRST_POINTS


@pytest.mark.parametrize("dimension", range(4))
def test_sobol_puts_one_point_in_each_interval(dimension):
    values = [p[dimension] for p in sobol(64, 4, 3)]
    assert sorted(int(64 * v) for v in values) == list(range(64))


def test_sobol_pairs_of_dimensions_are_balanced():
    points = sobol(64, 3, 5)
    for a, b in ((0, 1), (0, 2), (1, 2)):
        cells = [(int(4 * p[a]), int(4 * p[b])) for p in points]
        assert all(cells.count((i, j)) == 4 for i in range(4) for j in range(4))


def test_sobol_refuses_more_dimensions_than_it_has():
    with pytest.raises(ValueError, match="1 to 4"):
        sobol(2, 5, 1)


def test_points_lie_in_the_space_and_boxes_under_the_cap():
    axes = protocol.space("mlp", "sgd_momentum")
    for point in space_points(axes, 32, 1):
        assert all(axes[n].low <= x <= axes[n].high for n, x in point.items())
    best = {"effective_lr": 1.0, "one_minus_momentum": 0.9}
    for point in box_points(axes, best, 32, 1):
        assert 0.25 <= point["effective_lr"] <= 4
        assert 0.45 <= point["one_minus_momentum"] <= 1


def test_an_edge_is_named_unless_it_is_a_cap():
    axes = protocol.space("mlp", "sgd_momentum")

    def named(effective_lr, one_minus_momentum):
        point = {"effective_lr": effective_lr, "one_minus_momentum": one_minus_momentum}
        return axes_at_their_ends(axes, point)

    assert named(29.0, 0.99) == ["effective_lr"]
    assert named(1.0, 0.011) == ["one_minus_momentum"]
    assert named(1.0, 0.1) == []


def test_a_space_widens_by_a_decade_where_its_best_point_is():
    axis = protocol.Axis(0.01, 1, 2, cap=1)
    assert axis.widened(0.011).low == pytest.approx(0.001)
    assert axis.widened(0.9).high == 1
    assert protocol.Axis(0.01, 30, 4).widened(29).high == 300
