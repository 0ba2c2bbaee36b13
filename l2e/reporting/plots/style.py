"""Pictures: readable in grey, and by colour-blind people."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from l2e.curricula import paper_place
from l2e.errors import ExplainedError
from l2e.reporting.marking import visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh
    from matplotlib.figure import Figure

# Okabe & Ito's colours, each with a dash of its own, so that lines can be told apart without colour.
LINES: tuple[tuple[str, str], ...] = (
    ("#0072B2", "-"), ("#D55E00", "--"), ("#009E73", "-."), ("#CC79A7", ":"),
    ("#E69F00", (0, (5, 1))), ("#56B4E9", (0, (3, 1, 1, 1))), ("#000000", (0, (1, 1))),
)  # type: ignore[assignment]  # fmt: skip
LINE_OF_OPTIONS = "\n["  # labels of columns are as narrow as may be
MARKERS = ("o", "s", "^", "D", "v", "x", "P")
HASHED_ID = re.compile(rb'id="([a-z]\w*[0-9a-f]{10})"')
FORMATS = ("png", "svg", "pdf")
DOTS_PER_INCH = 150


class FigureError(ExplainedError, RuntimeError):
    """A picture that cannot be drawn; the message says what to install, or which endings are legal."""


def check_picture(path: Path) -> None:
    """Check early that a picture can be drawn.

    Raises:
        FigureError: matplotlib is not installed, or an ending that is not a picture's.
    """
    if path.suffix.removeprefix(".") not in FORMATS:
        raise FigureError(f"{path} does not end in a picture's format: {', '.join('.' + f for f in FORMATS)}")
    _figure(1, 1)


def draw_lines(path: Path, lines: Mapping[str, Sequence[float]], x: str, y: str, title: str) -> None:
    """Lines over 1, 2, 3, … with a logarithmic y axis.

    Args:
        path: of the picture; its ending says the format.
        lines: y values by name.
        x: what the x axis shows.
        y: what the y axis shows.
        title: of the picture.
    """
    figure, axes = _figure(7, 4.5)
    for (name, values), (colour, dash) in zip(lines.items(), LINES * len(lines), strict=False):
        axes.plot(range(1, len(values) + 1), values, color=colour, linestyle=dash, label=name)
    axes.set(xlabel=x, ylabel=y, title=title, yscale="log")
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    save_figure(figure, path)


def draw_attention(path: Path, input: str, answer: str, weights: npt.NDArray[np.floating]) -> None:
    """The attention weights of an answer.

    Args:
        path: of the picture.
        input: what it read.
        answer: what it wrote.
        weights: [answer characters, input characters], rows that sum to one.
    """
    figure, axes = _figure(1.5 + 0.24 * len(input), 1.2 + 0.3 * len(answer))
    draw_tiles(axes, weights, cmap="Greys", vmin=0, vmax=1)
    axes.set_xticks(range(len(input)), [label_of(c) for c in input], family="monospace")
    axes.set_yticks(range(len(answer)), [label_of(c) for c in answer], family="monospace")
    axes.set(xlabel="read", ylabel="written")
    save_figure(figure, path)


def draw_tiles(axes: Axes, values: npt.ArrayLike, **colours: Any) -> QuadMesh:
    """One tile per value, the first row on top, centred at whole numbers; vector graphics only.

    Args:
        axes: to draw on.
        values: [rows, columns].
        colours: a colour map and its ends.
    """
    rows, columns = np.shape(values)
    edges = [np.arange(number + 1) - 0.5 for number in (columns, rows)]
    # Lines of the tiles' own colours close the seams that viewers leave between tiles.
    tiles = axes.pcolormesh(*edges, np.asarray(values), edgecolors="face", linewidth=0.5, **colours)
    axes.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5))
    return tiles


def draw_grid(path: Path, cells: pd.DataFrame, rule: str) -> None:
    """Write accuracies as a picture: what `grid_figure` draws.

    Raises:
        FigureError: as `grid_figure`.
    """
    save_figure(grid_figure(cells, f"{rule.replace('_', ' ')}, %"), path)


def grid_figure(cells: pd.DataFrame, title: str) -> Figure:
    """Accuracies as a grid of colours with their figures: learners and curricula down, tasks across.

    Args:
        cells: of one rule: task, learner, curriculum (none for what is not trained), length, nesting, accuracy in
            [0, 1].
        title: of the picture.

    Raises:
        FigureError: no cells; or matplotlib is not installed.
    """
    if cells.empty:
        raise FigureError("there is nothing to draw: no run was scored by this rule")
    trained = cells["curriculum"].notna()
    several = cells["curriculum"].nunique() > 1
    row = cells["learner"] + (" · " + cells["curriculum"].fillna("") if several else "")
    named = cells.assign(
        row=row.where(trained, cells["learner"]),
        column=[f"{str(c.task).replace('[', LINE_OF_OPTIONS)}\n({c.length}, {c.nesting})" for c in cells.itertuples()],
    )
    learners = list(dict.fromkeys(named["learner"]))
    by_paper = named[trained].sort_values("curriculum", key=lambda names: names.map(paper_place), kind="stable")
    by_learner = by_paper.sort_values("learner", key=lambda names: names.map(learners.index), kind="stable")
    ordered = pd.concat([by_learner, named[~trained]])
    grid = 100 * ordered.pivot_table(index="row", columns="column", values="accuracy", aggfunc="mean", sort=False)
    column = max(0.9, 0.095 * max(len(line) for label in grid.columns for line in label.splitlines()))
    figure, axes = _figure(3.1 + 0.07 * max(map(len, grid.index)) + column * grid.shape[1], 1.2 + 0.36 * len(grid))
    low, high = span_of(100 * cells[trained]["accuracy"] if trained.any() else 100 * cells["accuracy"])
    draw_scale(figure, accuracy_tiles(axes, grid, low, high), axes, "%", extend="both")
    axes.set_xticks(range(grid.shape[1]), grid.columns)
    axes.set_yticks(range(len(grid)), grid.index)
    axes.xaxis.tick_top()
    axes.set_title(title)
    return figure


def draw_scale(figure: Figure, tiles: QuadMesh, axes: Any, unit: str, **settings: Any) -> None:
    """A colour bar beside axes, or arrays of them; vector graphics only."""
    bar = figure.colorbar(tiles, ax=axes, label=unit, fraction=0.05, **settings)
    if bar.solids is not None:
        bar.solids.set(rasterized=False, edgecolor="face")


def span_of(percentages: npt.ArrayLike) -> tuple[float, float]:
    """The tens between which all of them lie.

    >>> span_of([41.2, 87.5])
    (40.0, 90.0)
    """
    values = np.asarray(percentages, np.float64)
    low, high = 10 * np.floor(np.nanmin(values) / 10), 10 * np.ceil(np.nanmax(values) / 10)
    return (float(low), float(high)) if low < high else (float(low) - 5, float(high) + 5)


def accuracy_tiles(axes: Axes, grid: pd.DataFrame, low: float, high: float) -> QuadMesh:
    """Percentages as tiles whose lightness rises evenly from low to high, each with its figure, or a dash for none."""
    tiles = draw_tiles(axes, grid, cmap="cividis", vmin=low, vmax=high)
    for (row, column), value in np.ndenumerate(grid.to_numpy()):
        text = "–" if np.isnan(value) else f"{value:.1f}"
        dark = not np.isnan(value) and (value - low) / (high - low) < 0.5
        axes.text(column, row, text, ha="center", va="center", color="white" if dark else "black")
    return tiles


def label_of(character: str) -> str:
    """A character as a label, in which matplotlib would take a $ for the begin of a formula."""
    return visible(character).replace("$", r"\$")


def empty_figure(width: float, height: float) -> Figure:
    """A figure of this size in inches, without axes.

    Raises:
        FigureError: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise FigureError("pictures need matplotlib: pip install 'l2e[figures]'") from None
    return Figure(figsize=(width, height), layout="constrained")


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    figure = empty_figure(width, height)
    return figure, figure.subplots()


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure in the format of the path's ending."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encoded(figure, path.suffix.removeprefix(".")))


def encoded(figure: Figure, format: str) -> bytes:
    """A picture's bytes in one of the formats.

    Reproducible: without a date, and with numbered ids, as matplotlib's own depend on rounding.
    """
    import matplotlib as mpl

    written = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "l2e"}):
        figure.savefig(written, format=format, dpi=DOTS_PER_INCH, metadata={"Date": None} if format == "svg" else None)
    return _numbered(written.getvalue()) if format == "svg" else written.getvalue()


def _numbered(svg: bytes) -> bytes:
    found = {old: b"id%d" % number for number, old in enumerate(dict.fromkeys(HASHED_ID.findall(svg)), 1)}
    return re.sub(rb"\b[a-z]\w*[0-9a-f]{10}\b", lambda match: found.get(match[0], match[0]), svg)
