"""`l2e examples`: test samples beside what each strategy answered."""

from collections.abc import Callable
from pathlib import Path

import pytest

from l2e.experiments.run import Run
from tests.l2e.cli.conftest import CommandLine, Trained
from tests.l2e.reporting.html.conftest import SUMS, make_two_runs, told_run
from tests.toys import experiment


def test_a_person_reads_a_table_a_difficulty_with_wrong_characters_marked(l2e: CommandLine, tmp_path: Path) -> None:
    make_two_runs(tmp_path / "runs")
    done = l2e("examples", "runs")
    assert (done.code, done.errors) == (0, "")
    assert done.output.startswith("**addition (2, 1): free-running answers**\n")
    assert "| <code>print(8+9)</code> | 17.      | 1<b>8</b>. | 17.     |" in done.output
    assert "print(5+5)" not in done.output
    assert "print(5+5)" in l2e("examples", "runs", "-n", "3").output


def test_teacher_forced_answers_on_demand(l2e: CommandLine, tmp_path: Path) -> None:
    make_two_runs(tmp_path / "runs")
    done = l2e("examples", "runs", "--forced", "-n", "1")
    assert "| <code>print(1+2)</code> | 3.       | 3.         | <b>4</b>. |" in done.output


@pytest.mark.parametrize(
    ("format", "mark"), [("html", "1<mark>8</mark>."), ("latex", r"1\underline{8}."), ("csv", ",18.,False")]
)
def test_the_other_formats_have_marks_of_their_own(l2e: CommandLine, tmp_path: Path, format: str, mark: str) -> None:
    make_two_runs(tmp_path / "runs")
    assert mark in l2e("examples", "runs", "--format", format).output


def test_a_run_that_is_found_twice_has_one_column(l2e: CommandLine, tmp_path: Path) -> None:
    told_run(tmp_path / "runs", SUMS["naive"])
    assert l2e("examples", "runs", "runs").output == l2e("examples", "runs").output


def test_trained_networks_of_programs_are_asked_the_papers_programs(l2e: CommandLine, trained: Trained) -> None:
    again = [str(word) for word in trained.again]
    again[again.index("addition")] = "program"
    again[again.index("--out") + 1] = "runs/program"
    assert l2e(*again).code == 0
    done = l2e("examples", "runs")
    assert (done.code, done.errors) == (0, "")
    assert "asked of networks trained at program (1, 1)**" in done.output
    line = next(line for line in done.output.splitlines() if "print((5997-738))" in line)
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells[1:6] == ["5259.", "5<b>101</b>.", "5<b>101</b>.", "52<b>4</b>9.", "52<b>2</b>9."]
    assert "not asked" not in done.output


def test_an_unfinished_run_is_named_and_left_out(l2e: CommandLine, tmp_path: Path) -> None:
    told_run(tmp_path / "runs", SUMS["naive"])
    Run(tmp_path / "runs" / "begun").begin(experiment(curriculum="mix"))
    done = l2e("examples", "runs")
    assert (done.code, done.errors) == (0, "not complete, left out: runs/begun\n")


def test_without_a_complete_run_there_are_no_examples(error_of: Callable[..., str], tmp_path: Path) -> None:
    Run(tmp_path / "begun").begin(experiment())
    assert "none of the 1 runs is complete yet" in error_of(1, "examples", "begun")
    assert "there is no run at or below missing" in error_of(1, "examples", "missing")


def test_no_runs_and_no_examples_are_bad_usage(error_of: Callable[..., str]) -> None:
    assert "Missing argument 'RUNS" in error_of(2, "examples")
    assert "0 is not in the range" in error_of(2, "examples", "runs", "-n", "0")
