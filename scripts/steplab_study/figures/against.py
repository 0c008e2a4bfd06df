"""Every peer's time relative to steplab's plan, over lists of parameters: a row a peer, a column a list,
a block a rule."""

from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from ..peers.labels import BASES, list_text, rule_label, shape_of, threads_label
from ..peers.ratios import FASTER, HUGE, KERNELS, PLAN, SLOWER, group_of
from .style import GRID, INK, PAPER, SHADE, WIDTH, legend_above, pyplot

name, part = "against", "peers"
title = (
    "Time of a step relative to steplab's C++ plan, of the same round: medians with 95 % intervals; right of"
    " 1 steplab is faster"
)
SHOWN = ("adamw", "sgdm")
_SHORT = {"steplab_arrays": "steplab, arrays"}  # titles that are too long for a row
_SERIES = (("#0072B2", "o"), ("#D55E00", "s"))  # one thread, all of them
_MOST = 50  # where the axis ends: a peer a thousand times as slow leaves no room for the others
_ROW, _HEAD, _APART = 0.23, 0.68, 0.5  # inches a row, inches beside the rows, rows between groups


def collect(evidence):
    return collect_against(evidence.peer_ratios, PLAN)


def collect_against(comparison, base):
    if comparison is None:
        return None
    shown = [r for r in comparison.ratios(base) if r.peer not in (*KERNELS, *HUGE)]  # those are in the tables
    points = [
        {
            "rule": r.rule,
            "list": r.list,
            "threads": r.threads,
            "peer": r.peer,
            **r.found.ends,
            "steplab": r.word,
        }
        for r in shown
    ]
    if not any(p["rule"] in SHOWN for p in points):
        return None
    peers = {p["peer"] for p in points}
    return {
        "unit": f"the peer's time / time of {BASES[base]}",
        "base": BASES[base],
        "floor": comparison.floor,
        "threads": comparison.threads,
        "lists": [{"name": x, **shape_of(comparison, x)} for x in comparison.lists],
        "peers": [
            {"name": p, "title": _SHORT.get(p, comparison.title(p)), "group": group_of(p)}
            for p in comparison.peers
            if p in peers
        ],
        "points": points,
    }


def draw(data):
    rules = [rule for rule in SHOWN if any(p["rule"] == rule for p in data["points"])]
    lists = [x for x in data["lists"] if any(p["list"] == x["name"] for p in _shown(data))]
    rows = {rule: _rows(data, rule) for rule in rules}
    depths = [_depth(rows[rule]) for rule in rules]
    figure, axes = pyplot.subplots(
        len(rules),
        len(lists),
        figsize=(WIDTH, sum(_ROW * depth + _HEAD for depth in depths)),
        squeeze=False,
        sharex=True,
        sharey="row",
        constrained_layout=True,
        gridspec_kw={"height_ratios": depths},
    )
    limits = _limits(_shown(data))
    for row, rule in enumerate(rules):
        _name_rows(axes[row, 0], rule, rows[rule])
        for ax, shape in zip(axes[row], lists):
            _frame(ax, limits)
            ax.set_title(list_text(shape, "\n"), fontsize=8.5)
            for point in data["points"]:
                if (point["rule"], point["list"]) == (rule, shape["name"]):
                    _point(ax, point, rows[rule][point["peer"]][0], data["threads"])
    figure.supxlabel(f"time / time of {data['base']}", fontsize=10)
    handles = _handles(data)
    legend_above(figure, handles.values(), handles.keys(), 5)
    return figure


def _shown(data):
    return [p for p in data["points"] if p["rule"] in SHOWN]


def _rows(data, rule):
    """{peer: (place from the top, title)} of the peers that have a ratio, groups apart."""
    have = {p["peer"] for p in data["points"] if p["rule"] == rule}
    found, place, group = {}, 0.0, None
    for peer in data["peers"]:
        if peer["name"] in have:
            place += _APART * (group is not None and peer["group"] != group)
            found[peer["name"]] = (place, peer["title"])
            place, group = place + 1, peer["group"]
    return found


def _depth(rows):
    return max(2.0, *(place + 1 for place, _ in rows.values()))  # one row alone is too low for its name


def _limits(points):
    """Around all medians, with 1 well inside; up to _MOST."""
    low = min(0.5, *(p["value"] / 1.4 for p in points))
    return low, min(1.25 * _MOST, max(12, *(p["value"] * 1.4 for p in points)))


def _name_rows(ax, rule, rows):
    ax.set_yticks([place for place, _ in rows.values()], [title for _, title in rows.values()], fontsize=8.5)
    ax.set_ylim(_depth(rows) - 0.4, -0.6)
    ax.text(-0.06, 1.0, rule_label(rule), transform=ax.transAxes, ha="right", va="bottom", weight="bold")


def _frame(ax, limits):
    ax.set_xscale("log")
    ax.set_xlim(*limits)
    ax.xaxis.set_major_locator(
        FixedLocator([t for t in (0.1, 0.3, 1, 3, 10, 30) if limits[0] <= t <= limits[1]])
    )
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.tick_params(axis="x", labelsize=8.5, labelbottom=True)
    ax.tick_params(axis="y", length=0)
    ax.axvspan(limits[0], 1, color=SHADE, zorder=0)
    ax.axvline(1, color=INK, linewidth=0.9, zorder=1)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="y", color=GRID, linewidth=0.6)


def _point(ax, point, place, threads):
    """A marker with its interval: filled where steplab is faster, hollow where not, crossed where
    slower."""
    position = threads.index(point["threads"])
    colour, marker = _SERIES[min(position, 1)]
    y = place + (0 if len(threads) == 1 else (position / (len(threads) - 1) - 0.5) * 0.36)
    if point["value"] > _MOST:
        ax.plot(
            0.97,
            y,
            transform=ax.get_yaxis_transform(),
            clip_on=False,
            linestyle="",
            **_marker(colour, ">", colour),
        )
        return
    ax.plot([point["low"], point["high"]], [y, y], color=colour, linewidth=1.3, zorder=2)
    fill = colour if point["steplab"] == FASTER else PAPER
    ax.plot(point["value"], y, linestyle="", zorder=3, **_marker(colour, marker, fill))
    if point["steplab"] == SLOWER:
        ax.plot(point["value"], y, linestyle="", marker="x", color=INK, markersize=6, zorder=4)


def _marker(colour, marker, fill):
    return {
        "marker": marker,
        "color": colour,
        "markerfacecolor": fill,
        "markersize": 3.8,
        "markeredgewidth": 1.1,
    }


def _handles(data):
    handles = {}
    for count, (colour, marker) in zip(data["threads"], _SERIES):
        handles[threads_label(count)] = Line2D([], [], linewidth=1.3, **_marker(colour, marker, colour))
    words = {p["steplab"] for p in _shown(data)}
    if words - {FASTER, SLOWER}:
        handles["undecided"] = Line2D([], [], linestyle="", **_marker(INK, "o", PAPER))
    if SLOWER in words:
        handles[f"{data['base']} slower"] = Line2D([], [], linestyle="", marker="x", color=INK, markersize=6)
    if any(p["value"] > _MOST for p in _shown(data)):
        handles[f"above {_MOST}"] = Line2D([], [], linestyle="", **_marker(INK, ">", INK))
    return handles
