"""Learning curves."""

from __future__ import annotations

from pathlib import Path

import pytest

from l2e.analysis.run_set import RunSet
from l2e.reporting.plots.learning_curves import Curve, curves_figure, curves_of, learning_curve_figures
from tests.l2e.reporting.tables.runs import checked, scored

UPDATES = [50, 100, 150]


def curve(name: str, *nestings: int, seeds: int = 1) -> Curve:
    of = nestings or (1, 1, 1)
    accuracies = [[0.2 + seed / 10, 0.5, 0.4] for seed in range(seeds)]
    return Curve(name, [UPDATES] * seeds, accuracies, [[1, 2, 2]] * seeds, [list(of)] * seeds)


def test_difficulty_is_drawn_under_the_accuracy_and_nesting_only_where_there_is_some() -> None:
    labels = [[axes.get_ylabel() for axes in curves_figure([one]).axes] for one in (curve("a"), curve("a", 1, 1, 2))]
    flat = ["accuracy at the target, %", "length"]
    assert labels == [flat, [*flat, "nesting"]]


def test_a_curve_has_its_checks_and_the_difficulty_of_the_updates_before_each() -> None:
    accuracy, length, nesting = curves_figure([curve("naive", 1, 1, 2), curve("mix", 2, 2, 2)]).axes
    assert [list(line.get_ydata()) for line in accuracy.lines] == [[20, 50, 40]] * 2
    levels = length.lines[0]
    assert (list(levels.get_xdata()), list(levels.get_ydata())) == ([0, *UPDATES], [1, 1, 2, 2])
    assert levels.get_drawstyle() == "steps-pre"
    assert list(nesting.lines[1].get_ydata()) == [2, 2, 2, 2]


def test_several_seeds_have_a_thin_line_each_and_a_thick_one_for_their_mean() -> None:
    first, second, mean = curves_figure([curve("naive", seeds=2)]).axes[0].lines
    assert list(mean.get_ydata()) == pytest.approx([25, 50, 40])
    assert max(first.get_linewidth(), second.get_linewidth()) < mean.get_linewidth()
    assert Curve("a", [UPDATES, UPDATES[:2]], [[0, 0.5, 1], [1, 0.5]], [], []).mean() == (UPDATES[:2], [0.5, 0.5])


def test_a_legend_of_many_long_names_takes_nothing_from_the_lines_and_stays_on_the_picture() -> None:
    few, many = (curves_figure([curve(f"a network by the number {i}") for i in range(n)]) for n in (2, 24))
    for figure in (few, many):
        figure.canvas.draw()
        box = figure.legends[0].get_window_extent()
        assert box.x0 >= 0
        assert box.x1 <= figure.bbox.width
    heights = [figure.axes[0].get_window_extent().height for figure in (few, many)]
    assert heights[1] > 0.9 * heights[0]


def test_a_name_is_shown_as_it_is() -> None:
    (legend,) = curves_figure([curve("$x$")]).legends
    assert not legend.get_texts()[0].get_parse_math()


def test_seeds_of_a_setting_share_a_curve_and_runs_without_checks_have_none(tmp_path: Path) -> None:
    runs = [checked(tmp_path, "baseline", [0.25, 0.5], seed) for seed in (0, 1)]
    (found,) = curves_of(RunSet.of([*runs, scored(tmp_path, "mix", 0.5)]))
    assert (found.name, found.updates, found.accuracies) == ("baseline", [[100, 200]] * 2, [[0.25, 0.5]] * 2)


def test_a_target_has_a_drawing_and_many_strategies_have_several(tmp_path: Path) -> None:
    runs = [checked(tmp_path, "mix", [0.5]), checked(tmp_path, "mix", [0.5], length=2, scramble=7)]
    assert [drawing.name for drawing in learning_curve_figures(RunSet.of(runs), [])] == [
        "curves-addition-1x1",
        "curves-addition-2x1-scrambled7",
    ]
    many = [checked(tmp_path, "mix", [0.5], cells=cells) for cells in range(1, 8)]
    first, second = learning_curve_figures(RunSet.of(many), [])
    assert [first.name, second.name] == ["curves-addition-1x1-1", "curves-addition-1x1-2"]
    assert [len(one.figure.legends[0].get_texts()) for one in (first, second)] == [6, 1]
