"""Time to target: the share of runs that have reached a threshold, over updates.

The share is 1 − Kaplan–Meier, with runs that end before as censored.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from l2e.analysis.labels import in_paper_order
from l2e.analysis.learning import learning_rows
from l2e.analysis.run_set import RunSet
from l2e.analysis.time_to_target import Times, kaplan_meier
from l2e.metrics import Rule
from l2e.reporting.plots.drawing import Drawing, plain_name, write_title
from l2e.reporting.plots.style import LINES, empty_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

MOST_COLUMNS = 2
PANEL = (3.1, 2.2)  # inches
ENOUGH = 0.5  # the share of a curriculum's runs that a threshold is shown for
Panels = Mapping[str, pd.DataFrame]


def time_to_target_figures(runs: RunSet, rules: Sequence[Rule]) -> list[Drawing]:
    """A drawing a learner, of settings of several seeds; none where none has several, or none gets anywhere.

    Raises:
        FigureError: matplotlib is not installed.
    """
    rows = learning_rows(runs)
    rows = rows[rows.groupby("setting")["seed"].transform("nunique") > 1]
    by_learner = {str(learner): panels for learner, group in rows.groupby("learner") if (panels := panels_of(group))}
    drawings = []
    for learner, panels in by_learner.items():
        figure = _figure(panels)
        seeds = sorted({group["seed"].nunique() for shown in panels.values() for _, group in shown.groupby("setting")})
        said = f"{seeds[0]} seeds" if len(seeds) == 1 else f"{seeds[0]} to {seeds[-1]} seeds"
        write_title(figure, "Share of the runs that have got to a threshold, %", runs.title, f"{learner}, {said}")
        caption = (
            "Share of the runs that have got to a teacher-forced accuracy at the target for good, over updates "
            f"(1 − Kaplan–Meier): {', '.join(panels)}; {learner}, {said}. Each panel has the highest threshold that at "
            "least half of the runs of some curriculum get to."
        )
        part = f"-{plain_name(learner)}" if len(by_learner) > 1 else ""
        drawings.append(Drawing(f"time-to-target{part}", caption, figure))
    return drawings


def panels_of(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The rows of each target at its highest threshold that enough runs of some curriculum get to, by their title.

    A column is added: end, the last check at which anything is known of the target.

    Args:
        rows: of `learning_rows`, of one learner.
    """
    panels = {}
    for (task, length, nesting), group in rows.groupby(["task", "length", "nesting"]):
        reached = group.groupby(["threshold", "curriculum"])["reached"].mean()
        enough = reached[reached >= ENOUGH].index.get_level_values("threshold")
        if len(enough):
            shown = group[group["threshold"] == enough.max()].assign(end=group["at"].max())
            panels[f"{task} ({length}, {nesting}), {100 * enough.max():.0f} %"] = shown
    return panels


def _figure(panels: Panels) -> Figure:
    columns = min(len(panels), MOST_COLUMNS)
    down = -(-len(panels) // columns)
    figure = empty_figure(max(5.0, PANEL[0] * columns + 0.4), PANEL[1] * down + 1.3)
    axes = figure.subplots(down, columns, squeeze=False, sharey=True)
    curricula = in_paper_order(str(name) for rows in panels.values() for name in rows["curriculum"])
    lines: dict[str, Line2D] = {}
    for place, (title, rows) in zip(axes.flat, panels.items(), strict=False):
        lines |= _steps(place, rows, curricula)
        place.set_title(title, fontsize=9).set_parse_math(False)
        place.set_ylim(-3, 103)
        place.set_xlim(left=0)
        place.set_xlabel("updates", fontsize=9)
        place.tick_params(labelsize=8)
        place.grid(visible=True, alpha=0.25)
        place.spines[["top", "right"]].set_visible(False)
    for place in axes.flat[len(panels) :]:
        place.remove()
    for place in axes[:, 0]:
        place.set_ylabel("runs, %", fontsize=9)
    shown = [name for name in curricula if name in lines]
    legend = figure.legend([lines[name] for name in shown], shown, loc="outside lower center", ncols=4)
    for text in legend.get_texts():
        text.set_parse_math(False)
    return figure


def _steps(axes: Axes, rows: pd.DataFrame, curricula: Sequence[str]) -> dict[str, Line2D]:
    """A line a curriculum, from 0 to the last check of its runs."""
    lines = {}
    for number, name in enumerate(curricula):
        group = rows[rows["curriculum"] == name]
        if group.empty:
            continue
        colour, dash = LINES[number % len(LINES)]
        curve = kaplan_meier(Times(group["at"].to_numpy(np.float64), group["reached"].to_numpy(np.bool_)))
        at = np.concatenate([[0.0], curve.times, [rows["end"].max()]])
        share = 100 * (1 - np.concatenate([[1.0], curve.below, curve.below[-1:]]))
        (lines[name],) = axes.plot(
            at, share, drawstyle="steps-post", color=colour, linestyle=dash, linewidth=1.8, clip_on=False
        )
    return lines
