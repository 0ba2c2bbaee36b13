"""Learning curves: accuracy at the target over updates, and under it the difficulty that training has reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from l2e.analysis.labels import strategy_names
from l2e.analysis.run_set import RunSet
from l2e.metrics import Rule
from l2e.reporting.plots.drawing import Drawing, plain_name, write_title
from l2e.reporting.plots.style import LINES, empty_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_LINES = 6  # in a panel; more strategies are drawn in panels of their own learners
CHARACTERS_PER_INCH = 12.4  # of a legend
LEGEND_ROW = 0.2  # inches
WIDTH = 6.2


@dataclass(frozen=True, slots=True)
class Curve:
    """How the runs of one strategy learned: seeds x checks.

    Attributes:
        name: what the legend calls it.
        updates: done at each check; one list per seed.
        accuracies: at the target, in [0, 1]; one list per seed.
        lengths: of training since the check before; one list per seed.
        nestings: the same.
    """

    name: str
    updates: list[list[int]]
    accuracies: list[list[float]]
    lengths: list[list[int]]
    nestings: list[list[int]]

    def mean(self) -> tuple[list[int], list[float]]:
        """Accuracies over the seeds, at the checks that all of them reached."""
        shortest = min(map(len, self.updates))
        return self.updates[0][:shortest], np.mean([one[:shortest] for one in self.accuracies], axis=0).tolist()


def learning_curve_figures(runs: RunSet, rules: Sequence[Rule]) -> list[Drawing]:
    """One drawing per target of the runs that recorded checks; for many strategies one per learner.

    Raises:
        FigureError: matplotlib is not installed.
    """
    drawings = []
    for title, members in runs.where(lambda run: bool(run.checks)).by_target().items():
        curves = curves_of(members)
        groups = [curves] if len(curves) <= MOST_LINES else _in_groups(curves)
        for number, group in enumerate(groups, 1):
            part = f", part {number}" if len(groups) > 1 else ""
            said = f"Learning curves of {title}{part}"
            figure = curves_figure(group)
            write_title(figure, said, runs.title)
            experiment = members.runs[0].experiment
            scrambled = "" if experiment.scramble is None else f"-scrambled{experiment.scramble}"
            name = f"curves-{plain_name(str(experiment.task))}-{experiment.length}x{experiment.nesting}{scrambled}"
            caption = (
                f"{said}: teacher-forced accuracy on validation samples at the target, a thin line a seed and a thick "
                "one for their mean; below it the difficulty at which training was."
            )
            drawings.append(Drawing(name + (f"-{number}" if part else ""), caption, figure))
    return drawings


def _in_groups(curves: list[Curve]) -> list[list[Curve]]:
    starts = [*range(0, len(curves), MOST_LINES), len(curves)]
    return [curves[start:end] for start, end in pairwise(starts)]


def curves_of(runs: RunSet) -> list[Curve]:
    """The curves of runs of one task and target, a strategy each; runs that recorded no check have none.

    Runs of an earlier version did not measure the target on the way up; theirs is the accuracy where training was.
    """
    settings = runs.where(lambda run: bool(run.checks)).by(lambda run: run.experiment.setting)
    names = strategy_names([members.runs[0].experiment for members in settings.values()])
    return [
        Curve(
            name,
            [[check["update"] for check in run.checks] for run in members],
            [[check.get("target_accuracy", check["validation_accuracy"]) for check in run.checks] for run in members],
            [[check["length"] for check in run.checks] for run in members],
            [[check["nesting"] for check in run.checks] for run in members],
        )
        for name, members in zip(names, settings.values(), strict=True)
    ]


def curves_figure(curves: Sequence[Curve]) -> Figure:
    """Curves of one task and target.

    Raises:
        FigureError: matplotlib is not installed.
    """
    nested = any(nesting > 1 for curve in curves for one in curve.nestings for nesting in one)
    columns = _columns(curves)
    rows = -(-len(curves) // columns)
    figure = empty_figure(WIDTH, (5.6 if nested else 4.8) + LEGEND_ROW * rows)
    heights = [4, 1.2, 1.2] if nested else [4, 1.2]
    accuracy, *difficulty = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights)
    lines = []
    for number, curve in enumerate(curves):
        colour, dash = LINES[number % len(LINES)]
        several = len(curve.updates) > 1
        for updates, accuracies in zip(curve.updates, curve.accuracies, strict=True) if several else ():
            accuracy.plot(updates, [100 * value for value in accuracies], color=colour, linewidth=0.6, alpha=0.4)
        updates, mean = curve.mean()
        lines += accuracy.plot(updates, [100 * x for x in mean], color=colour, linestyle=dash, linewidth=1.8)
        for axes, values in zip(difficulty, (curve.lengths, curve.nestings), strict=False):
            for updates, difficulties in zip(curve.updates, values, strict=True):
                # A check's difficulty is the one that was trained at since the check before.
                steps = [*difficulties[:1], *difficulties]
                axes.step([0, *updates], steps, where="pre", color=colour, linestyle=dash, linewidth=1)
    accuracy.set_ylabel("accuracy at the target, %")
    accuracy.set_ylim(-3, 103)
    for axes, label in zip(difficulty, ("length", "nesting"), strict=False):
        _whole_numbers(axes, label)
    difficulty[-1].set_xlabel("updates")
    for axes in (accuracy, *difficulty):
        axes.grid(visible=True, alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    names = [curve.name for curve in curves]
    legend = figure.legend(lines, names, loc="outside lower center", ncols=columns)
    for text in legend.get_texts():
        text.set_parse_math(False)
    return figure


def _columns(curves: Sequence[Curve]) -> int:
    """The number of the legend's columns."""
    longest = max(len(curve.name) for curve in curves)
    return max(1, min(4, int(CHARACTERS_PER_INCH * WIDTH) // (longest + 8)))


def _whole_numbers(axes: Axes, label: str) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_ylabel(label)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True, min_n_ticks=1))
    low, high = axes.dataLim.intervaly
    axes.set_ylim(low - 0.6, high + 0.6)
