"""Accuracy against the number of digits, one line per curriculum and one panel per task.

Bars are 95 % intervals over seeds; trivial baselines are thin grey lines, the oracle is the upper edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from l2e.analysis.labels import in_paper_order
from l2e.metrics import Rule
from l2e.reporting.plots.drawing import Drawing, names_of, over_seeds, write_title
from l2e.reporting.plots.style import LINES, MARKERS, empty_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

PANEL = (3.1, 2.5)  # inches
BESIDE = 6.5  # percentage points between labels at the lines' ends
GREY = "#777777"
CEILING = "interpreter"  # at 100 % by what it is


def digit_lines(rows: pd.DataFrame, heading: str | None) -> list[Drawing]:
    """Accuracy against length, one drawing per learner.

    Args:
        rows: means over seeds under one rule, as of `aggregate.summarize`: of learners and, without a curriculum, of
            reference predictors; each task at several lengths and one nesting.
        heading: of the suite.

    Raises:
        FigureError: matplotlib is not installed.
    """
    trained = rows[rows["curriculum"].notna()]
    references = _references(rows[rows["curriculum"].isna()])
    rule = rows["rule"].iloc[0]
    by_learner = {str(learner): group for learner, group in trained.groupby("learner", sort=False)}
    drawings = []
    names = names_of("digits", [(learner,) for learner in by_learner], rule)
    for name, (learner, group) in zip(names, by_learner.items(), strict=True):
        tasks = list(dict.fromkeys(group["task"]))
        said = f"{Rule(rule).spoken.capitalize()} of {', '.join(tasks)} against the number of digits, %"
        title = said if len(tasks) == 1 else f"{Rule(rule).spoken.capitalize()} against the number of digits, %"
        figure = _figure(tasks, group, references)
        write_title(figure, title, heading, f"{learner}, {over_seeds(group)}")
        curricula = ", ".join(in_paper_order(group["curriculum"]))
        caption = f"{said}: {curricula}; {learner}, {over_seeds(group)}, bars are 95 % intervals over seeds."
        drawings.append(Drawing(name, caption, figure))
    return drawings


def _references(untrained: pd.DataFrame) -> pd.DataFrame:
    """Reference predictors without the oracle; of several scores that on the most samples."""
    largest = untrained[untrained["learner"] != CEILING].sort_values("n", kind="stable")
    return largest.drop_duplicates(["task", "learner", "length"], keep="last")


def _figure(tasks: Sequence[str], rows: pd.DataFrame, references: pd.DataFrame) -> Figure:
    columns = 1 if len(tasks) == 1 else 2
    down = -(-len(tasks) // columns)
    width, height = (5.2, 3.2) if columns == 1 else PANEL
    figure = empty_figure(width * columns + 0.4, height * down + 1.2)
    axes = figure.subplots(down, columns, squeeze=False, sharey=True)
    curricula = in_paper_order(rows["curriculum"])
    lines: dict[str, Line2D] = {}
    for place, task in zip(axes.flat, tasks, strict=False):
        lines |= _learners(place, rows[rows["task"] == task], curricula)
        _trivial_baselines(place, references[references["task"] == task])
        place.set_xticks(sorted(set(rows[rows["task"] == task]["length"])))
        place.set_ylim(-3, 103)
        place.set_xlabel("length (digits)")
        place.grid(visible=True, alpha=0.25)
        place.spines[["top", "right"]].set_visible(False)
        if len(tasks) > 1:
            place.set_title(task, fontsize=10).set_parse_math(False)
    for place in axes.flat[len(tasks) :]:
        place.remove()
    for place in axes[:, 0]:
        place.set_ylabel("%")
    legend = figure.legend([*lines.values()], [*lines], loc="outside lower center", ncols=4)
    for text in legend.get_texts():
        text.set_parse_math(False)
    return figure


def _learners(axes: Axes, rows: pd.DataFrame, curricula: Sequence[str]) -> dict[str, Line2D]:
    reach = rows["length"].max() - rows["length"].min()
    lines: dict[str, Line2D] = {}
    for number, name in enumerate(curricula):
        points = rows[rows["curriculum"] == name].sort_values("length")
        if points.empty:
            continue
        colour, dash = LINES[number % len(LINES)]
        offset = 0.008 * reach * (number - (len(curricula) - 1) / 2)  # so that bars do not hide one another
        bars = [100 * (points[end] - points["accuracy"]).abs().fillna(0) for end in ("low", "high")]
        drawn = axes.errorbar(
            points["length"] + offset,
            100 * points["accuracy"],
            yerr=bars,
            color=colour,
            linestyle=dash,
            marker=MARKERS[number % len(MARKERS)],
            markersize=4.5,
            linewidth=1.6,
            elinewidth=1,
            capsize=2,
        )
        lines[name] = drawn.lines[0]
    return lines


def _trivial_baselines(axes: Axes, references: pd.DataFrame) -> None:
    ends: dict[str, float] = {}
    for name, group in references.groupby("learner", sort=False):
        by_length = group.sort_values("length")
        axes.plot(by_length["length"], 100 * by_length["accuracy"], color=GREY, linewidth=0.8, zorder=1)
        ends[str(name)] = 100 * float(by_length["accuracy"].iloc[-1])
    for name, height in apart(ends, BESIDE).items():
        axes.annotate(
            name,
            (references["length"].max(), ends[name]),
            (1.03, height),
            textcoords=("axes fraction", "data"),  # in the margin
            color=GREY,
            fontsize=8,
            va="center",
            arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.5, "relpos": (0, 0.5), "shrinkB": 0},
        ).set_parse_math(False)


def apart(heights: dict[str, float], least: float) -> dict[str, float]:
    """The same names at heights that are at least so far apart, in the same order from below; only ever raised.

    >>> apart({"uniform": 1.0, "nearest": 30.0, "ngram": 3.0}, 5)
    {'uniform': 1.0, 'ngram': 6.0, 'nearest': 30.0}
    """
    placed: dict[str, float] = {}
    lowest = -float("inf")
    for name, height in sorted(heights.items(), key=lambda item: item[1]):
        placed[name] = max(height, lowest)
        lowest = placed[name] + least
    return placed
