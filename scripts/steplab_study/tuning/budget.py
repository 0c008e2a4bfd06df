"""The tuning budget of one problem, as pieces of a plan (engine/requests.py): search in two halves, widening
at the ends of axes, choice.

`arms`: {arm: {name: Axis}}; `trial(arm, point, seed)` makes a configuration; `loss(result)` scores it,
lower is better, infinite for a diverged trial. Every arm gets the same number of points.
"""

from ..protocol import ranking as protocol
from .sobol import axes_at_their_ends, box_points, space_points


def search(arms, budget, trial, loss):
    """{arm: ([(point, loss, result)], axes)} after the two halves and at most `budget.widenings`
    widenings."""
    axes = {arm: dict(space) for arm, space in arms.items()}
    found = yield from _search_spaces(axes, budget.points, trial, loss)
    for _ in range(budget.widenings):
        wider = {}
        for arm, scored in found.items():
            at = axes_at_their_ends(axes[arm], best_of(scored)[0])
            if at:
                point = best_of(scored)[0]
                axes[arm] = {n: a.widened(point[n]) if n in at else a for n, a in axes[arm].items()}
                wider[arm] = axes[arm]
        if not wider:
            break
        for arm, scored in (yield from _search_spaces(wider, budget.points, trial, loss)).items():
            found[arm] = found[arm] + scored
    return {arm: (scored, axes[arm]) for arm, scored in found.items()}


def best_of(scored):
    return min(scored, key=lambda entry: entry[1])


def _search_spaces(axes, count, trial, loss):
    """Half of the points over the whole space, half in a box around the best so far."""
    first = count - count // 2
    points = {arm: space_points(a, first, protocol.SOBOL_SEED) for arm, a in axes.items()}
    found = yield from _score(points, trial, loss)
    boxes = {
        arm: box_points(axes[arm], best_of(scored)[0], count - first, protocol.SOBOL_SEED + 1)
        for arm, scored in found.items()
    }
    near = yield from _score(boxes, trial, loss)
    return {arm: found[arm] + near[arm] for arm in found}


def _score(points, trial, loss):
    jobs = [(arm, point) for arm, some in points.items() for point in some]
    results = yield [trial(arm, point, protocol.SEARCH_SEED) for arm, point in jobs]
    found = {arm: [] for arm in points}
    for (arm, point), result in zip(jobs, results):
        found[arm].append((point, loss(result), result))
    return found


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
