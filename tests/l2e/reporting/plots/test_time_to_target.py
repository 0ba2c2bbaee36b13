"""The share of runs that have got to a threshold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from l2e.analysis.run_set import RunSet
from l2e.reporting.plots.drawing import Drawing
from l2e.reporting.plots.time_to_target import time_to_target_figures
from tests.l2e.reporting.tables.runs import checked


def drawn(*runs: object) -> list[Drawing]:
    return time_to_target_figures(replace(RunSet.of(runs), title="The suite"), [])  # type: ignore[arg-type]


def test_a_line_steps_up_where_a_run_gets_there_and_goes_on_to_the_end(tmp_path: Path) -> None:
    baseline = [checked(tmp_path, "baseline", [0.1, 0.2, 0.3, 0.4], seed) for seed in (0, 1)]
    mix = [checked(tmp_path, "mix", found, seed) for seed, found in enumerate(([0.6] * 4, [0.2, 0.2, 0.7, 0.7]))]
    (drawing,) = drawn(*mix, *baseline)
    (panel,) = drawing.figure.axes
    assert (drawing.name, panel.get_title()) == ("time-to-target", "addition (1, 1), 50 %")
    assert "The suite" in drawing.figure.get_suptitle()
    never, steps = panel.lines
    assert set(never.get_ydata()) == {0}
    assert steps.get_drawstyle() == "steps-post"
    points = dict(zip(steps.get_xdata(), steps.get_ydata(), strict=True))
    assert points == pytest.approx({0: 0, 100: 50, 300: 100, 400: 100})
    assert [text.get_text() for text in drawing.figure.legends[0].get_texts()] == ["baseline", "mix"]


def test_each_target_has_the_highest_threshold_that_half_of_a_curriculums_runs_get_to(tmp_path: Path) -> None:
    runs = [
        checked(tmp_path, "mix", accuracies, seed, length=length)
        for length, found in {1: ([1.0] * 2, [0.6] * 2), 2: ([0.95] * 2, [0.95] * 2), 3: ([0.1], [0.1])}.items()
        for seed, accuracies in enumerate(found)
    ]
    (drawing,) = drawn(*runs)
    assert [axes.get_title() for axes in drawing.figure.axes] == ["addition (1, 1), 99 %", "addition (2, 1), 90 %"]


def test_a_learner_has_a_drawing_of_its_own(tmp_path: Path) -> None:
    runs = [checked(tmp_path, "mix", [0.9], seed, cells=cells) for seed in (0, 1) for cells in (8, 64)]
    assert [one.name for one in drawn(*runs)] == ["time-to-target-seq2seq_cells_64", "time-to-target-seq2seq_cells_8"]


def test_there_is_none_of_single_seeds_nor_where_nobody_gets_anywhere(tmp_path: Path) -> None:
    assert drawn(checked(tmp_path, "mix", [0.9]), checked(tmp_path, "naive", [0.9])) == []
    assert drawn(*(checked(tmp_path, "combined", [0.2], seed) for seed in (0, 1))) == []
