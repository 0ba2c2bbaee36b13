"""Maps of accuracy over length and nesting, a panel a curriculum, as the paper's section 6.1 has them.

A figure in each cell, and a scale that spans them; differences to baseline in a diverging map, hatched where negative.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from l2e.analysis.intervals import FloatArray
from l2e.analysis.labels import in_paper_order
from l2e.metrics import Rule
from l2e.reporting.plots.drawing import Drawing, names_of, over_seeds, write_title
from l2e.reporting.plots.style import accuracy_tiles, draw_scale, draw_tiles, empty_figure, span_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh
    from matplotlib.figure import Figure

BASELINE = "baseline"
WIDEST = 7.2  # inches
NARROWEST = 5.0
LEAST_SPAN = 5.0  # percentage points: smaller differences stay pale
Grids = Mapping[str, pd.DataFrame]
Paint = Callable[["Axes", pd.DataFrame, FloatArray], "QuadMesh"]


def heat_maps(rows: pd.DataFrame, heading: str | None) -> list[Drawing]:
    """Accuracy in percent, one drawing per task and learner.

    Args:
        rows: means over seeds of trained learners under one rule, as of `aggregate.summarize`; each task and learner at
            several lengths and nestings.
        heading: of the suite.

    Raises:
        FigureError: matplotlib is not installed.
    """
    return _drawings(rows, heading, "heat", "{rule} of {task} by length and nesting, %", lambda grids: grids, _plain)


def difference_maps(rows: pd.DataFrame, heading: str | None) -> list[Drawing]:
    """The gain of each curriculum over baseline, in percentage points; empty without a baseline.

    Args:
        rows: as of `heat_maps`.
        heading: of the suite.

    Raises:
        FigureError: as `heat_maps`.
    """
    title = "{rule} of {task} relative to baseline, percentage points (hatched: below it)"
    return _drawings(rows, heading, "difference", title, _relative_to_baseline, _signed)


def _drawings(
    rows: pd.DataFrame,
    heading: str | None,
    kind: str,
    title: str,
    shown: Callable[[Grids], Grids],
    paint: Paint,
) -> list[Drawing]:
    found: dict[tuple[str, str], tuple[Grids, str]] = {}
    for (task, learner), group in rows.groupby(["task", "learner"], sort=False):
        if grids := shown(_grids(group)):
            found[str(task), str(learner)] = grids, over_seeds(group)
    drawings = []
    for name, ((task, learner), (grids, seeds)) in zip(
        names_of(kind, list(found), rows["rule"].iloc[0]), found.items(), strict=True
    ):
        said = title.format(rule=Rule(rows["rule"].iloc[0]).spoken.capitalize(), task=task)
        figure = _figure(grids, paint)
        write_title(figure, said, heading, f"{learner}, {seeds}")
        drawings.append(Drawing(name, f"{said}: {', '.join(grids)}; {learner}, {seeds}.", figure))
    return drawings


def _grids(rows: pd.DataFrame) -> Grids:
    """Percentages by curriculum: nestings down, lengths across, all of one shape."""
    lengths, nestings = sorted(set(rows["length"])), sorted(set(rows["nesting"]))
    return {
        curriculum: 100
        * rows[rows["curriculum"] == curriculum]
        .pivot(index="nesting", columns="length", values="accuracy")
        .reindex(index=nestings, columns=lengths)
        for curriculum in in_paper_order(rows["curriculum"])
    }


def _relative_to_baseline(grids: Grids) -> Grids:
    if BASELINE not in grids:
        return {}
    return {name: grid - grids[BASELINE] for name, grid in grids.items() if name != BASELINE}


def _figure(grids: Grids, paint: Paint) -> Figure:
    nestings, lengths = next(iter(grids.values())).shape
    width, height = 0.3 + 0.45 * lengths, 0.3 + 0.42 * nestings
    columns = max(1, min(len(grids), int((WIDEST - 0.5) / width)))
    down = -(-len(grids) // columns)
    columns = -(-len(grids) // down)  # as even as can be
    figure = empty_figure(max(NARROWEST, 1.2 + width * columns), 1.3 + height * down)
    axes = figure.subplots(down, columns, squeeze=False, sharex=True, sharey=True)
    all_values = np.concatenate([grid.to_numpy(np.float64).ravel() for grid in grids.values()])
    for place, (name, grid) in zip(axes.flat, grids.items(), strict=False):
        tiles = paint(place, grid, all_values)
        place.set_title(name, fontsize=10).set_parse_math(False)
        place.set_xticks(range(lengths), grid.columns)
        place.set_yticks(range(nestings), grid.index)
        place.tick_params(length=0)
    for place in axes.flat[len(grids) :]:
        place.remove()
    draw_scale(figure, tiles, axes, "%" if paint is _plain else "points")
    axes[0, 0].invert_yaxis()  # the easiest in the lower left corner; the others share the axis
    figure.supxlabel("length (digits)", fontsize=10)
    figure.supylabel("nesting", fontsize=10)
    return figure


def _plain(axes: Axes, grid: pd.DataFrame, all_values: FloatArray) -> QuadMesh:
    return accuracy_tiles(axes, grid, *span_of(all_values))


def _signed(axes: Axes, grid: pd.DataFrame, all_values: FloatArray) -> QuadMesh:
    from matplotlib.patches import Rectangle

    # Twice the span: only the pale half of the map is used, on which black is readable.
    end = 2 * max(float(np.nanmax(np.abs(all_values), initial=0)), LEAST_SPAN)
    image = draw_tiles(axes, grid, cmap="RdBu", vmin=-end, vmax=end)
    for (row, column), value in np.ndenumerate(grid.to_numpy()):
        if value < 0:
            axes.add_patch(
                Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, hatch="////", edgecolor="#00000030", linewidth=0)
            )
        plain = {"facecolor": image.cmap(image.norm(value)), "linewidth": 0, "pad": 1}  # no hatching behind figures
        text = "–" if np.isnan(value) else f"{value:+.1f}"
        axes.text(column, row, text, ha="center", va="center", color="black", bbox=plain)
    return image
