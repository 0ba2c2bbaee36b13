"""Which figures of accuracies apply to which runs."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from l2e.analysis.run_set import RunSet
from l2e.metrics import Rule
from l2e.reporting.plots.accuracy import accuracy_figures
from l2e.reporting.plots.drawing import Drawing
from tests.l2e.reporting.tables.runs import scored


def trained(folder: Path, task: str, lengths: tuple[int, ...], nestings: tuple[int, ...] = (1,)) -> None:
    """Complete runs of two curricula."""
    for curriculum, length, nesting in product(("naive", "baseline"), lengths, nestings):
        scored(folder, curriculum, 0.5, task=task, length=length, nesting=nesting)


def drawn(folder: Path) -> list[Drawing]:
    return accuracy_figures(replace(RunSet.read([folder]), title="The suite"), [Rule.EXACT_MATCH])


@pytest.mark.parametrize(
    ("runs", "names"),
    [
        ([("program", (1, 2), (1, 2))], ["heat", "difference"]),
        ([("addition", (1, 2))], ["digits"]),
        ([("addition", (2,)), ("copy", (3,))], ["grid"]),
        (
            [("program", (1, 2), (1, 2)), ("addition", (1, 2)), ("copy", (3,))],
            ["heat", "difference", "digits", "grid"],
        ),
    ],
    ids=["lengths and nestings", "lengths", "neither", "all of these"],
)
def test_what_was_varied_says_what_is_drawn_and_each_drawing_says_its_suite(
    tmp_path: Path, runs: list[tuple[str, tuple[int, ...]]], names: list[str]
) -> None:
    for arguments in runs:
        trained(tmp_path, *arguments)
    drawings = drawn(tmp_path)
    assert [drawing.name for drawing in drawings] == [f"{name}-exact_match" for name in names]
    assert all("The suite" in drawing.figure.get_suptitle() for drawing in drawings)


def test_reference_predictors_stand_with_the_tasks_that_they_answered(tmp_path: Path) -> None:
    trained(tmp_path, "addition", (1, 2))
    trained(tmp_path, "copy", (3,))
    digits, grid = drawn(tmp_path)
    assert "uniform" in {text.get_text() for text in digits.figure.axes[0].texts}
    assert [label.get_text() for label in grid.figure.axes[0].get_xticklabels()] == ["copy\n(3, 1)"]
    lines = [label.get_text() for label in grid.figure.axes[0].get_yticklabels()]
    assert lines[:3] == ["seq2seq · baseline", "seq2seq · naive", "uniform"]


def test_a_scrambled_view_is_a_task_of_its_own(tmp_path: Path) -> None:
    for scramble in (None, 7):
        scored(tmp_path, "mix", 0.5, length=2, scramble=scramble)
    (grid,) = drawn(tmp_path)
    assert {"addition\n(2, 1)", "addition, scrambled with seed 7\n(2, 1)"} == {
        label.get_text() for label in grid.figure.axes[0].get_xticklabels()
    }
