"""The tuning budget of one problem, as pieces of a plan (engine/requests.py): search in two halves, widening
at the ends of axes, choice.

`arms`: {arm: {name: Axis}}; `trial(arm, point, seed)` makes a configuration; `loss(result)` scores it,
lower is better, infinite for a diverged trial. Every arm gets the same number of points, also where one of
them only is widened: the others then get as many more points of the space that they have.
"""

from ..protocol import ranking as protocol
from .sobol import axes_at_their_ends, box_points, space_points


def search(arms, budget, trial, loss, sobol_seed):
    """{arm: ([(point, loss, result)], axes)} after the two halves and at most `budget.widenings`
    widenings."""
    axes = {arm: dict(space) for arm, space in arms.items()}
    found = {arm: [] for arm in arms}
    for widening in range(budget.widenings + 1):
        if widening > 0 and not _widen(axes, found):
            break
        yield from _search_spaces(axes, found, budget.points, trial, loss, sobol_seed + 2 * widening)
    return {arm: (scored, axes[arm]) for arm, scored in found.items()}


def _widen(axes, found):
    """Widens the axes at whose ends an arm's best point lies; whether there was one."""
    moved = False
    for arm, scored in found.items():
        point = best_of(scored)[0]
        at = axes_at_their_ends(axes[arm], point)
        axes[arm] = {n: axis.widened(point[n]) if n in at else axis for n, axis in axes[arm].items()}
        moved |= bool(at)
    return moved


def best_of(scored):
    return min(scored, key=lambda entry: entry[1])


def _search_spaces(axes, found, count, trial, loss, sobol_seed):
    """Adds to `found` half of the points over the whole space, half in a box around the best so far."""
    half = count - count // 2
    yield from _score({arm: space_points(a, half, sobol_seed) for arm, a in axes.items()}, found, trial, loss)
    boxes = {
        arm: box_points(axes[arm], best_of(scored)[0], count - half, sobol_seed + 1)
        for arm, scored in found.items()
    }
    yield from _score(boxes, found, trial, loss)


def _score(points, found, trial, loss):
    jobs = [(arm, point) for arm, some in points.items() for point in some]
    results = yield [trial(arm, point, protocol.SEARCH_SEED) for arm, point in jobs]
    for (arm, point), result in zip(jobs, results):
        found[arm].append((point, loss(result), result))


def in_groups(results, size):
    """Results in groups of `size`, as jobs were asked for seed by seed."""
    return [results[first:first + size] for first in range(0, len(results), size)]


def choose(searched, budget, trial, loss):
    """{arm: (point, worst loss)}: the best points rerun on fresh tuning seeds and ranked by their worst
    loss, for one lucky seed picks unstable settings."""
    seeds = protocol.TUNING_SEEDS[1:][: budget.finalist_seeds]
    jobs = [
        (arm, point)
        for arm, (scored, _) in searched.items()
        for point, _, _ in sorted(scored, key=lambda entry: entry[1])[: budget.finalists]
    ]
    results = yield [trial(arm, point, seed) for arm, point in jobs for seed in seeds]
    chosen = {}
    for (arm, point), some in zip(jobs, in_groups(results, len(seeds))):
        worst = max(loss(r) for r in some)
        if arm not in chosen or worst < chosen[arm][1]:
            chosen[arm] = (point, worst)
    return chosen
