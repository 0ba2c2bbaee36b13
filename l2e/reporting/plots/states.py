"""A network in action: what it held likely, its units and its attention over the characters, as heat maps.

After Graves 2013 (section 4.2), Karpathy, Johnson & Li 2015 (section 4.2) and Bahdanau et al. 2014 (figure 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from l2e.evaluation.observation import LIKELIEST, Observation, Units
from l2e.reporting.plots.style import draw_tiles, empty_figure, label_of, save_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

    from l2e.watching import Look

COLUMN, ROW = 0.2, 0.13  # inches
NARROWEST = 6.0
SIGNED, UNSIGNED = "cividis", "Greys"  # both grow lighter or darker all the way
COLOURS = "of gates, weights and chances black is 1; of the others yellow is positive, blue negative"
MIDDLE: Any = {"ha": "center", "va": "center"}
UNREAD = {"hatch": "////", "facecolor": "white", "edgecolor": "0.85"}


def draw_states(path: Path, observation: Observation, units: int, title: str) -> None:
    """Write an observation as a picture: what `states_figure` draws."""
    save_figure(states_figure(observation, units, title), path)


def states_figure(observation: Observation, units: int, title: str) -> Figure:
    """An observation as heat maps.

    Args:
        observation: what to draw.
        units: of each layer, those that change most.
        title: of the figure.

    Raises:
        FigureError: matplotlib is not installed.
    """
    layers, heads = observation.liveliest(units), _by_part(observation.looks)
    heights = [0.3 * (LIKELIEST + 1), *(0.12 + ROW * len(one.units) for one in layers)]
    below = [0.6 + ROW * len(row[0].weights) for row in heads.values()]
    across = max(map(len, heads.values()), default=0)
    columns = len(observation.characters)
    width = max(NARROWEST, 2.2 + COLUMN * columns, 0.8 + across * (0.7 + 0.6 * COLUMN * columns))
    figure = empty_figure(width, 1.0 + sum(heights) + sum(below))
    figure.suptitle(f"{title}\n{COLOURS}", fontsize=9).set_parse_math(False)
    above, *rest = figure.subfigures(
        2 if heads else 1, 1, height_ratios=[sum(heights), sum(below)][: 1 + bool(heads)], squeeze=False
    )[:, 0]
    _draw_layers(above, observation, layers, heights)
    if heads:
        _draw_heads(rest[0], observation, heads, across, below)
    return figure


def _by_part(looks: Sequence[Look]) -> dict[str, list[Look]]:
    parts: dict[str, list[Look]] = {}
    for look in looks:
        parts.setdefault(look.part, []).append(look)
    return parts


def _draw_layers(
    figure: SubFigure, observation: Observation, layers: Sequence[Units], heights: Sequence[float]
) -> None:
    """The likeliest characters and, below them, the units; all have the same columns."""
    panels = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights, squeeze=False)[:, 0]
    columns = len(observation.characters)
    _draw_likeliest(panels[0], observation)
    for axes, one in zip(panels[1:], layers, strict=True):
        low, high = one.span
        draw_tiles(axes, _placed(one.values, one.first, columns), cmap=SIGNED if low else UNSIGNED, vmin=low, vmax=high)
        axes.patch.set(**UNREAD)
        axes.set_yticks(range(len(one.units)), [str(unit) for unit in one.units], fontsize=5)
        scale = f"{low:.2g} to {high:.2g}".replace("-", "−")
        axes.set_ylabel(f"{one.part}\n{one.kind}\n{scale}", fontsize=7, rotation=0, ha="right", va="center")
    panels[-1].set_xticks(range(columns), [label_of(c) for c in observation.characters], family="monospace")
    panels[0].tick_params(labeltop=True, labelbottom=False)
    panels[0].set_xticks(range(columns), [label_of(c) for c in observation.characters], family="monospace")


def _draw_likeliest(axes: Axes, observation: Observation) -> None:
    """What follows each column, and what the network held likeliest, with percentages."""
    likeliest = observation.likeliest()
    shades = np.full((LIKELIEST + 1, len(likeliest)), np.nan)
    for column, following in enumerate(observation.following):
        axes.text(column, 0, label_of(following), family="monospace", fontsize=9, **MIDDLE)
    for column, symbols in enumerate(likeliest):
        for row, (character, probability) in enumerate(symbols, 1):
            shades[row, column] = probability
            colour = "white" if probability > 0.55 else "black"
            axes.text(column, row - 0.15, label_of(character), color=colour, fontsize=7, family="monospace", **MIDDLE)
            axes.text(column, row + 0.3, f"{100 * probability:.0f}", color=colour, fontsize=5, **MIDDLE)
    draw_tiles(axes, shades, cmap=UNSIGNED, vmin=0, vmax=1)
    axes.set_yticks(range(LIKELIEST + 1), ["next", "likeliest, %", *["" for _ in range(LIKELIEST - 1)]], fontsize=7)
    axes.tick_params(length=0)


def _draw_heads(
    figure: SubFigure,
    observation: Observation,
    heads: dict[str, list[Look]],
    across: int,
    heights: Sequence[float],
) -> None:
    """A row of maps a layer, a map a head: down the characters that look, across those looked at."""
    grid = figure.subplots(len(heads), across, squeeze=False, height_ratios=heights)
    for row, looks in zip(grid, heads.values(), strict=True):
        for axes in row[len(looks) :]:
            axes.remove()
        for axes, look in zip(row, looks, strict=False):
            weights = look.weights.double().cpu().numpy()
            draw_tiles(axes, weights, cmap=UNSIGNED, vmin=0, vmax=1)
            for places, start, n in (
                (axes.set_xticks, look.at, weights.shape[1]),
                (axes.set_yticks, look.first, len(weights)),
            ):
                shown = [label_of(c) for c in observation.characters[start : start + n]]
                places(range(n), shown, family="monospace", fontsize=7)
            axes.set_title(f"head {look.head}" if len(looks) > 1 else "", fontsize=7)
        row[0].set_ylabel(looks[0].part.replace(" to ", "\nto "), fontsize=7)


def _placed(values: npt.NDArray[np.float64], first: int, columns: int) -> npt.NDArray[np.float64]:
    """Values [units, n] in their columns [units, columns]; nan elsewhere."""
    placed = np.full((len(values), columns), np.nan)
    placed[:, first : first + values.shape[1]] = values
    return placed
