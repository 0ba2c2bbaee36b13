"""Which drawings apply to which runs."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from l2e.reporting.plots.gallery import drawings_of

from l2e.experiments.run import Run, RunError
from l2e.metrics import Rule
from l2e.reporting.plots.drawing import Drawing
from l2e.reporting.tables.accuracy import find_runs
from tests.l2e.reporting.html.conftest import told_run
from tests.toys import experiment


def trained(folder: Path, task: str, lengths: tuple[int, ...], nestings: tuple[int, ...] = (1,)) -> None:
    """Complete runs of two curricula."""
    for curriculum, length, nesting in product(("baseline", "naive"), lengths, nestings):
        told_run(folder, [], task=task, curriculum=curriculum, length=length, nesting=nesting)


def drawn(folder: Path, curves: str = "hardest") -> list[Drawing]:
    return drawings_of(find_runs([folder]), [Rule.EXACT_MATCH], curves, "The suite")


def names(folder: Path, curves: str = "hardest") -> list[str]:
    return [drawing.name for drawing in drawn(folder, curves)]


def test_several_lengths_and_nestings_have_maps(tmp_path: Path) -> None:
    trained(tmp_path, "program", (1, 2), (1, 2))
    assert names(tmp_path) == ["heat-exact_match", "difference-exact_match", "curves-program-2x2"]


def test_several_lengths_have_lines_and_floors_beside_them(tmp_path: Path) -> None:
    trained(tmp_path, "addition", (1, 2))
    digits, _ = drawn(tmp_path)
    assert digits.name == "digits-exact_match"
    assert "uniform" in {text.get_text() for text in digits.figure.axes[0].texts}


def test_the_rest_has_a_grid(tmp_path: Path) -> None:
    trained(tmp_path, "addition", (2,))
    trained(tmp_path, "copy", (3,))
    assert names(tmp_path) == ["grid-exact_match", "curves-addition-2x1", "curves-copy-3x1"]


def test_tasks_of_different_kinds_are_drawn_each_in_its_own(tmp_path: Path) -> None:
    trained(tmp_path, "program", (1, 2), (1, 2))
    trained(tmp_path, "addition", (1, 2))
    trained(tmp_path, "copy", (3,))
    kinds = [name.split("-")[0] for name in names(tmp_path)]
    assert kinds == ["heat", "difference", "digits", "grid", "curves", "curves", "curves"]


def test_every_target_has_curves_or_the_hardest_of_each_task_which_is_said(tmp_path: Path) -> None:
    trained(tmp_path, "program", (1, 2), (1, 2))
    every = [name for name in names(tmp_path, "all") if name.startswith("curves")]
    assert every == [f"curves-program-{length}x{nesting}" for length, nesting in product((1, 2), (1, 2))]
    assert "the hardest target of its task" in drawn(tmp_path)[-1].caption
    assert "hardest" not in drawn(tmp_path, "all")[-1].caption


def test_a_scrambled_view_is_a_task_of_its_own(tmp_path: Path) -> None:
    for scramble in (None, 7):
        told_run(tmp_path, [], length=2, scramble=scramble)
    grid, *curves = drawn(tmp_path)
    assert {"addition\n(2, 1)", "addition, scrambled with seed 7\n(2, 1)"} == {
        label.get_text() for label in grid.figure.axes[0].get_xticklabels()
    }
    assert [drawing.name for drawing in curves] == ["curves-addition-2x1", "curves-addition-2x1-scrambled7"]


def test_every_drawing_says_its_suite(tmp_path: Path) -> None:
    trained(tmp_path, "program", (1, 2), (1, 2))
    trained(tmp_path, "addition", (1, 2))
    trained(tmp_path, "copy", (3,))
    assert all("The suite" in drawing.figure.get_suptitle() for drawing in drawn(tmp_path))


def test_runs_that_are_not_complete_are_left_out_and_alone_they_are_refused(tmp_path: Path) -> None:
    Run(tmp_path / "begun").begin(experiment(length=3))
    with pytest.raises(RunError, match="none of the 1 runs is complete"):
        drawn(tmp_path)
    trained(tmp_path, "addition", (2,))
    assert names(tmp_path) == ["grid-exact_match", "curves-addition-2x1"]
