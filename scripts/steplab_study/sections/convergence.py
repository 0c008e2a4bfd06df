"""Convergence: loss curves, steps and seconds to the target by both protocols, a table per workload, tuning."""

import math

from .. import compare
from ..compare import BOTTOM, GOAL, TOP
from ..wording import count_label, interval, number, workload_label
from .convergence_tables import family_table, goal_table, tuning_table
from .parts import Figure, Heading, Items, Section, Text, not_run

_TITLE = "Convergence"


def build(evidence):
    rankings = evidence.rankings
    if not any(arm.curves for r in rankings for arm in r.arms.values()):
        return not_run("convergence", _TITLE, "ranking")
    section = Section("convergence", _TITLE).add(
        Figure("loss_curves"),
        Text(
            "Validation data is never trained on. The dashed line is the frozen target that steps are counted to: a"
            " phase of its own sets it before any test seed runs."
        ),
        Figure("cosine_curves"),
        Figure("ladder"),
        Text(
            "Steps needed are read in two ways. At a constant rate: the first of two consecutive evaluations at or below"
            " the target. On the ladder: the shortest run whose own cosine ends at or below the target, interpolated"
            " between rungs, never beyond them."
        ),
        Figure("steps_to_target"),
        Figure("seconds_to_target"),
    )
    for workload, some in compare.families(rankings).items():
        section.add(Heading(workload_label(workload)), Items(tuple(_meaning(some))), family_table(some))
    section.add(Heading("Goals, tuning, and the luck of tuning"), *_bands(rankings), goal_table(rankings))
    return section.add(tuning_table(rankings), *_edges(rankings), *_inclusion(evidence))


def _meaning(rankings):
    """The comparison of the reference pair on each problem, to each goal."""
    for ranking in rankings:
        if not ranking.has(TOP.id, BOTTOM.id) or not ranking.goals:
            continue
        told = []
        for goal in ranking.goals:
            name = "the target" if goal == GOAL else f"{goal} of the drop"
            if not ranking.decided(goal, TOP.id, BOTTOM.id):
                told.append(f"{name}: not decided (seeds without it)")
                continue
            ratio = ranking.steps_ratio(TOP.id, BOTTOM.id, goal)
            told.append(f"{name}: {interval(ratio)} ({ranking.separated(TOP.id, BOTTOM.id, goal)})")
        yield (
            f"**{workload_label(ranking.name)}, {compare.protocol_label(ranking)}**, steps of {TOP.label} ÷ steps of"
            f" {BOTTOM.label}: {'; '.join(told)}."
        )


def _bands(rankings):
    """How far another draw of as many tuning points could move the ratio."""
    told = []
    for ranking in rankings:
        band = ranking.band(TOP.id, BOTTOM.id) if ranking.has(TOP.id, BOTTOM.id) else None
        if band is not None and math.isfinite(band):
            told.append(
                f"{workload_label(ranking.name)} ({count_label(ranking.parameters)},"
                f" {compare.protocol_label(ranking)}): × {number(math.exp(band))}"
            )
    if told:
        yield Text(
            "**Best of K under resampling**: how far a ratio of steps moves, either way, when the tuning points are"
            " drawn again from those that were tried. A ratio inside this band is 'not separated', whatever the seeds"
            f" say. {'; '.join(told)}."
        )


def _edges(rankings):
    edge = [
        f"{workload_label(r.name)} {arm.label} ({compare.protocol_label(r)}: {', '.join(arm.choice['edges'])})"
        for r in rankings
        for arm in r.arms.values()
        if arm.choice.get("edges")
    ]
    if edge:
        yield Text(
            f"The best point still lies at an edge of the searched space for {'; '.join(edge)}: comparisons with it may"
            " favour the other side."
        )


def _inclusion(evidence):
    """Whether the wider optimizers contain the narrower ones bit for bit."""
    found = evidence.outcome("inclusion")
    if found:
        told = "; ".join(f"{label}: {'the same bits' if same else 'other bits'}" for label, same in found.items())
        yield Text(f"One program, not two, where optimizers contain each other. {told}.")
