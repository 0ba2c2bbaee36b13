"""Learning curves: accuracy over updates, and under it the difficulty that training has reached.

As SVG text for a page the picture takes its ink from the page (`currentColor`), so that it reads on light and on
dark, and its texts stay texts.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from l2e.analysis.strategies import strategy_names
from l2e.experiments.run import Run
from l2e.reporting.plots.style import LINES, empty_figure
from l2e.reporting.plots.svg import INK, element_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKERS = ("", "o", "s", "^", "D", "v", "x")  # a further one each time the line styles are used up
CHARACTERS_PER_INCH = 12.4  # of a legend
LEGEND_ROW = 0.2  # inches
BLACK = "#000000"


@dataclass(frozen=True, slots=True)
class Curve:
    """How one run learned; all of one length, a check each.

    Attributes:
        name: what the legend calls it; curves that share a name, as seeds do, share a line style.
        updates: done at the check.
        accuracies: on the validation samples, in [0, 1].
        lengths: of the validation samples, the curriculum's difficulty since the check before.
        nestings: of the same.
    """

    name: str
    updates: Sequence[int]
    accuracies: Sequence[float]
    lengths: Sequence[int]
    nestings: Sequence[int]


def curves_of(runs: Sequence[Run]) -> list[Curve]:
    """The curves of runs of one task and target; seeds share a name. Runs that recorded no check have none."""
    settings = {run.experiment().setting: run.experiment() for run in runs}
    names = dict(zip(settings, strategy_names(list(settings.values())), strict=True))
    columns = ("update", "validation_accuracy", "length", "nesting")
    return [
        Curve(names[run.experiment().setting], *([check[column] for check in checks] for column in columns))
        for run in runs
        if (checks := run.metrics())
    ]


def learning_curves(curves: Sequence[Curve], title: str, prefix: str) -> str:
    """Curves as an `<svg>` element.

    Args:
        curves: of one task and target.
        title: of the picture, for those who hear the page too.
        prefix: of all ids in it, another for each picture of a page.

    Raises:
        FigureError: matplotlib is not installed.
    """
    figure = empty_figure(5.2, 5.2 if _nested(curves) else 4.4)  # so small that its texts are read on a phone
    import matplotlib as mpl

    with mpl.rc_context(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": "l2e",
            "text.color": INK,
            "axes.edgecolor": INK,
            "axes.labelcolor": INK,
            "axes.facecolor": "none",
            "xtick.color": INK,
            "ytick.color": INK,
            "grid.color": INK,
            "legend.framealpha": 0,
        }
    ):
        _draw(figure, curves, INK)
        written = io.BytesIO()
        figure.savefig(written, format="svg", facecolor="none", metadata={"Date": None})
    return element_of(written.getvalue(), title, prefix)


def curves_figure(curves: Sequence[Curve]) -> Figure:
    """Curves as a figure of its own, the same picture in black on white.

    Args:
        curves: of one task and target.

    Raises:
        FigureError: matplotlib is not installed.
    """
    width = 6.2
    rows = -(-len({curve.name for curve in curves}) // _columns(curves, width))
    figure = empty_figure(width, (5.6 if _nested(curves) else 4.8) + LEGEND_ROW * rows)  # its title has room too
    _draw(figure, curves, BLACK)
    return figure


def _nested(curves: Sequence[Curve]) -> bool:
    return any(nesting > 1 for curve in curves for nesting in curve.nestings)


def _columns(curves: Sequence[Curve], width: float) -> int:
    """How many names the legend has beside one another, in so many inches."""
    longest = max(len(curve.name) for curve in curves)
    return max(1, min(4, int(CHARACTERS_PER_INCH * width) // (longest + 8)))


def _draw(figure: Figure, curves: Sequence[Curve], ink: str) -> None:
    heights = [4, 1.2, 1.2] if _nested(curves) else [4, 1.2]
    accuracy, *difficulty = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights)
    names = list(dict.fromkeys(curve.name for curve in curves))
    lines = {}
    for curve in curves:
        look = _look(names.index(curve.name), ink)
        percent = [100 * value for value in curve.accuracies]
        (lines[curve.name],) = accuracy.plot(curve.updates, percent, markevery=0.1, **look)
        for axes, values in zip(difficulty, (curve.lengths, curve.nestings), strict=False):
            # A check's difficulty is the one that was trained at since the check before.
            axes.step([0, *curve.updates], [*values[:1], *values], where="pre", markevery=0.1, **look)
    accuracy.set_ylabel("validation accuracy, %")
    for axes, label in zip(difficulty, ("length", "nesting"), strict=False):
        _whole_numbers(axes, label)
    difficulty[-1].set_xlabel("updates")
    for axes in (accuracy, *difficulty):
        axes.grid(visible=True, alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    columns = _columns(curves, figure.get_figwidth())
    legend = figure.legend(lines.values(), names, loc="outside lower center", ncols=columns)
    for text in legend.get_texts():
        text.set_parse_math(False)


def _look(number: int, ink: str) -> dict[str, object]:
    colour, dash = LINES[number % len(LINES)]
    marker = MARKERS[number // len(LINES) % len(MARKERS)]
    return {
        "color": ink if colour == BLACK else colour,
        "linestyle": dash,
        "marker": marker,
        "markersize": 4,
        "linewidth": 1.6,
    }


def _whole_numbers(axes: Axes, label: str) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_ylabel(label)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True, min_n_ticks=1))
    low, high = axes.dataLim.intervaly
    axes.set_ylim(low - 0.6, high + 0.6)
