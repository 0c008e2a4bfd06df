"""Convergence: loss curves, steps and seconds to the target by both protocols, a table per workload."""

import math

from ...rankings import across_workloads
from ...rankings.across_workloads import BOTTOM, TOP
from ...wording.labels import workload_label
from ...wording.numbers import listing, span
from .blocks import Figure, Heading, Section, Text, not_run
from .convergence_tables import family_table, goal_table, ratio_table, tuning_table

_TITLE = "Convergence"


def build(evidence):
    rankings = evidence.rankings
    if not any(arm.curves for r in rankings for arm in r.arms.values()):
        return not_run("convergence", _TITLE, "ranking")
    section = Section("convergence", _TITLE).add(
        Figure("loss_curves"),
        Text(
            "Validation data is never trained on. The dashed line is the frozen target that steps are"
            " counted to: a phase of its own sets it before any test seed runs."
        ),
        Figure("cosine_curves"),
        Figure("ladder"),
        Text(
            "Steps needed are read in two ways. At a constant rate: the first of two consecutive evaluations"
            " at or below the target. On the ladder: the shortest run whose own cosine ends at or below the"
            " target, interpolated between rungs, never beyond them."
        ),
        Figure("steps_to_target"),
        Figure("seconds_to_target"),
    )
    for workload, some in across_workloads.families(rankings).items():
        section.add(Heading(workload_label(workload)), family_table(some))
    section.add(
        Heading("Goals, tuning, and the luck of tuning"),
        *_bands(rankings),
        ratio_table(rankings),
        goal_table(rankings),
    )
    return section.add(tuning_table(rankings), *_edges(rankings), *_inclusion(evidence))


def _bands(rankings):
    """How far another draw of as many tuning points could move the ratio."""
    found = [(r, r.luck_of_tuning(TOP.id, BOTTOM.id)) for r in rankings if r.has(TOP.id, BOTTOM.id)]
    factors = [math.exp(luck) for _, luck in found if luck is not None and math.isfinite(luck)]
    if factors:
        yield Text(
            "**Best of K under resampling**: drawing the tuning points again from those that were tried"
            f" moves a ratio of steps by up to × {span(factors)} either way, problem by problem (last column"
            " of the table). A ratio inside its band is 'not separated', whatever the seeds say."
        )


def _edges(rankings):
    arms = [arm for r in rankings for arm in r.arms.values()]
    edge = [arm for arm in arms if arm.choice["edges"]]
    if edge:
        labels = [arm.label for arm in edge]
        told = listing(f"{labels.count(label)} of {label}" for label in dict.fromkeys(labels))
        yield Text(
            f"The best point still lies at an edge of the searched space in {len(edge)} of {len(arms)}"
            f" searches ({told}; last column of the table): comparisons with these may favour the other side."
        )


def _inclusion(evidence):
    """Whether the wider optimizers contain the narrower ones bit for bit."""
    found = evidence.outcome("inclusion")
    if found:
        told = [f"{label}: {'the same bits' if same else 'other bits'}" for label, same in found.items()]
        yield Text(f"One program, not two, where optimizers contain each other. {'; '.join(told)}.")
