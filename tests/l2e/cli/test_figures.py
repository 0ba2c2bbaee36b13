"""`l2e figures`: pictures of runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from l2e.experiments.run import Run
from tests.l2e.cli.conftest import CommandLine
from tests.l2e.reporting.html.conftest import told_run
from tests.toys import experiment


@pytest.fixture(autouse=True)
def runs(tmp_path: Path) -> Path:
    """Complete runs of sums at two lengths."""
    for length in (1, 2):
        told_run(tmp_path / "runs", [], length=length)
    return tmp_path / "runs"


def written(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_each_figure_is_written_as_svg_and_png_and_said(l2e: CommandLine) -> None:
    done = l2e("figures", "runs", "--rule", "exact_match", "--out", "drawn/here")
    assert (done.code, done.errors) == (0, "")
    names = ["curves-addition-1x1", "curves-addition-2x1", "digits-exact_match"]
    assert written(l2e.folder / "drawn" / "here") == [f"{name}.{end}" for name in names for end in ("png", "svg")]
    assert sorted(line.split(":")[0] for line in done.output.splitlines()) == [f"drawn/here/{name}" for name in names]


def test_both_rules_and_the_hardest_target_alone(l2e: CommandLine) -> None:
    l2e("figures", "runs", "--curves", "hardest", "--out", "drawn")
    names = {Path(name).stem for name in written(l2e.folder / "drawn")}
    assert names == {"curves-addition-2x1", "digits-teacher_forced_accuracy", "digits-exact_match"}


def test_an_unfinished_run_is_named_and_left_out(l2e: CommandLine, runs: Path) -> None:
    Run(runs / "begun").begin(experiment(length=3))
    assert l2e("figures", "runs", "--out", "drawn").errors == "not complete, left out: runs/begun\n"


def test_wrong_usage_and_no_runs_write_nothing(error_of: Callable[..., str], tmp_path: Path) -> None:
    assert "Missing option '--out'" in error_of(2, "figures", "runs")
    assert "'accuracy' is not one of" in error_of(2, "figures", "runs", "--out", "drawn", "--rule", "accuracy")
    assert "there is no run at or below missing" in error_of(1, "figures", "missing", "--out", "drawn")
    assert not (tmp_path / "drawn").exists()
