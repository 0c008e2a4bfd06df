"""One look for all figures: Okabe-Ito colours, a marker and a line style besides, fonts readable at page
width.

Files are reproducible: fixed hash salt, no date, no creator. Ink, grid and paper have colours of their
own, which the HTML report replaces by the page's, so that inlined figures follow dark and light. Text stays
text and coordinates have hundredths of a point: a figure stays small, and its words can be searched.
"""

import json
import math
import re
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, MaxNLocator  # noqa: E402
from matplotlib.ticker import NullFormatter, NullLocator  # noqa: E402

from ..wording.labels import count_label  # noqa: E402

INK, GRID, PAPER, SHADE = "#1a1a1b", "#d4d4d6", "#fefefd", "#efeff2"
WIDTH = 7.2  # inches: a page's text width

matplotlib.rcParams.update({
    "svg.hashsalt": "steplab",
    "svg.fonttype": "none",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 10.5,
    "axes.labelsize": 10,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 9,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.facecolor": PAPER,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "legend.facecolor": PAPER,
    "legend.edgecolor": GRID,
    "legend.labelcolor": INK,
    "axes.grid": True,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "lines.linewidth": 1.8,
    "lines.markersize": 6,
    "legend.frameon": False,
    "hatch.linewidth": 0.8,
})

_OPTIMIZERS = {
    "sgd": {"color": "#56B4E9", "marker": "o", "linestyle": "-"},
    "sgd_momentum": {"color": "#0072B2", "marker": "s", "linestyle": "--"},
    "adam": {"color": "#D55E00", "marker": "^", "linestyle": "-"},
    "adamw": {"color": "#009E73", "marker": "D", "linestyle": "-."},
    "adam_amsgrad": {"color": "#CC79A7", "marker": "v", "linestyle": ":"},
}
HATCHES = ("", "///", "|||", "xx", "\\\\\\", "++", "---")  # lines only: a dot is a hundred bytes of SVG
_CYCLE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8c8c8c", "#B2912F", "#7b5ea7")
_MARKERS = "osD^vPX<>"
_LINES = (
    "-",
    "--",
    "-.",
    ":",
    (0, (5, 1, 1, 1)),
    (0, (3, 1)),
    (0, (1, 1)),
    (0, (7, 2)),
    (0, (4, 1, 1, 1, 1, 1)),
)


def optimizer_style(name):
    return dict(_OPTIMIZERS.get(name, {"color": "#8c8c8c", "marker": "P", "linestyle": "-"}))


def series_style(position):
    """Colour, marker and line style of the series at `position`: no two alike in any of them for nine
    series."""
    return {
        "color": _CYCLE[position % 9],
        "marker": _MARKERS[position % 9],
        "linestyle": _LINES[position % 9],
    }


def panels(rows, columns, height=2.6, width=WIDTH, **options):
    """(figure, rows × columns array of axes), laid out without overlaps."""
    return pyplot.subplots(
        rows, columns, figsize=(width, height * rows + 0.5), squeeze=False, constrained_layout=True, **options
    )


def count_axis(axis):
    """Decades with readable counts on a logarithmic axis."""
    axis.set_major_locator(LogLocator(base=10, numticks=12))
    axis.set_major_formatter(FuncFormatter(count_label))
    axis.set_minor_formatter(NullFormatter())


def plain_log_axis(axis, ticks=(1, 2, 5)):
    """A logarithmic axis with plain numbers; `ticks` per decade."""
    axis.set_major_locator(LogLocator(base=10, subs=ticks, numticks=16))
    axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
    axis.set_minor_formatter(NullFormatter())


_TICKS = ((1,), (1, 3), (1, 2, 5), (1, 1.5, 2, 3, 5, 7))  # per decade


def fitted_log_axis(axis, low, high, label=lambda v, _=None: f"{v:.4g}", most=5):
    """A logarithmic axis from `low` to `high` with three to `most` readable ticks, however short it is."""
    chosen = ()
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for subs in _TICKS:
        ticks = [t for t in (s * 10.0**d for d in decades for s in subs) if low <= t <= high]
        if len(ticks) <= most:
            chosen = ticks
    whole = [10.0**d for d in decades if low <= 10.0**d <= high]
    if len(whole) > most:
        chosen = whole[:: math.ceil(len(whole) / most)]
    elif len(chosen) < 3:
        even = MaxNLocator(most - 1, steps=(1, 2, 5, 10)).tick_values(low, high)
        chosen = [t for t in even if low <= t <= high]
    axis.set_major_locator(FixedLocator(chosen))
    axis.set_major_formatter(FuncFormatter(label))
    axis.set_minor_locator(NullLocator())


def legend_above(figure, handles, labels, columns):
    """One legend above all panels."""
    figure.legend(
        handles, labels, loc="lower center", ncol=columns, bbox_to_anchor=(0.5, 1.0), borderaxespad=0.2
    )


_ATTRIBUTES = re.compile(r' (?:d|x|y|transform|points)="[^"]*"')
_LONG = re.compile(r"-?\d+\.\d{3,}")
_FONTS = "'DejaVu Sans', Verdana, 'Bitstream Vera Sans', sans-serif"  # of the same widths


def slim(svg):
    """The SVG's text with coordinates of two decimals, without comments, and with fonts that others have."""
    svg = re.sub(r"\s*<!--.*?-->", "", svg, flags=re.S)
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.S)
    svg = re.sub(r"'DejaVu Sans'(, sans-serif)?", _FONTS, svg)
    return _ATTRIBUTES.sub(lambda a: _LONG.sub(_short_coordinate, re.sub(r"\s*\n\s*", " ", a[0])), svg)


def _short_coordinate(number):
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def _plain(value):
    """Numbers with seven significant digits: float32 has no more."""
    if isinstance(value, dict):
        return {str(key): _plain(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return float(f"{value:.7g}") if isinstance(value, float) else value


def write(figure, data, stem, png=False):
    """`stem`.svg and .json, and .png where asked; the same data gives the same bytes."""
    stem = Path(stem)
    stem.parent.mkdir(parents=True, exist_ok=True)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # laid out once; each file only draws
    box = figure.get_tightbbox(figure.canvas.get_renderer()).padded(0.08)
    svg = stem.with_suffix(".svg")
    figure.savefig(svg, metadata={"Date": None, "Creator": None}, bbox_inches=box)
    svg.write_text(slim(svg.read_text()))
    if png:
        figure.savefig(stem.with_suffix(".png"), metadata={"Software": None}, dpi=150, bbox_inches=box)
    text = json.dumps(_plain(data), separators=(",", ":"), allow_nan=False)
    stem.with_suffix(".json").write_text(text + "\n")
    pyplot.close(figure)
