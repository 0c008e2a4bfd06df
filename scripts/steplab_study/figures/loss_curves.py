"""Validation loss over steps for every problem, the band over test seeds, the frozen target."""

from .style import INK, count_label, legend_above, optimizer_label, optimizer_style, panels, plain_log_axis

name, part = "loss_curves", "convergence"
title = "Validation loss over training steps: median over seeds, band from the lowest to the highest seed"


def collect(results):
    found = []
    for problem in results.problems:
        arms = {}
        for arm in problem.arms.values():
            if arm.trials:
                arms[arm.id] = _band(arm.curves)
        if arms:
            found.append({
                "problem": problem.name,
                "parameters": problem.parameters,
                "arms": arms,
                "target": problem.target["loss"] if problem.target else None,
            })
    return {"unit": "validation loss", "problems": found} if found else None


def _band(curves):
    """Per step: lowest, median and highest loss of the seeds that are still finite there."""
    points = []
    for step in sorted({s for curve in curves for s, _ in curve}):
        losses = sorted(loss for curve in curves for s, loss in curve if s == step and loss is not None)
        if losses:
            middle = (
                losses[len(losses) // 2]
                if len(losses) % 2
                else (losses[len(losses) // 2 - 1] + losses[len(losses) // 2]) / 2
            )
            points.append(
                {"step": step, "low": losses[0], "median": middle, "high": losses[-1], "seeds": len(losses)}
            )
    return points


def draw(data):
    problems = data["problems"]
    columns = min(3, len(problems))
    rows = (len(problems) + columns - 1) // columns
    figure, axes = panels(rows, columns, height=2.5)
    handles = {}
    for ax, problem in zip(axes.flat, problems):
        for optimizer, points in problem["arms"].items():
            style = optimizer_style(optimizer)
            steps = [p["step"] for p in points]
            handles[optimizer_label(optimizer)] = ax.plot(
                steps,
                [p["median"] for p in points],
                markevery=max(1, len(points) // 6),
                markersize=4.5,
                **style,
            )[0]
            ax.fill_between(
                steps,
                [p["low"] for p in points],
                [p["high"] for p in points],
                color=style["color"],
                alpha=0.22,
                linewidth=0,
            )
        if problem["target"] is not None:
            handles["target"] = ax.axhline(problem["target"], color=INK, linewidth=1, linestyle=(0, (2, 2)))
        ax.set_yscale("log")
        low, high = _limits(problem)
        ax.set_ylim(low, high)
        plain_log_axis(ax.yaxis, (1, 2, 3, 5) if high / low < 50 else (1,))
        ax.set_title(f"{problem['problem']} ({count_label(problem['parameters'])})")
    for ax in list(axes.flat)[len(problems):]:
        ax.set_axis_off()
    for ax in axes[-1]:
        ax.set_xlabel("steps")
    for ax in axes[:, 0]:
        ax.set_ylabel("validation loss")
    legend_above(figure, handles.values(), handles.keys(), 5)
    return figure


def _limits(problem):
    """From below the best median to above the start; a tail many decades down is cut at a thousandth of
    the target."""
    medians = [p["median"] for points in problem["arms"].values() for p in points if p["median"] > 0]
    start = max(points[0]["high"] for points in problem["arms"].values())
    bottom = min(medians)
    if problem["target"]:
        bottom = max(bottom, problem["target"] / 1000)
    return bottom / 1.15, start * 1.15
