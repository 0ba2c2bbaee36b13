"""`l2e extrapolate`: runs beyond the difficulty they were trained for."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from l2e.evaluation.generalization import FILE
from l2e.experiments.run import Run
from tests.l2e.cli.conftest import CommandLine, Trained
from tests.toys import experiment


@pytest.fixture
def runs(tmp_path: Path, trained: Trained) -> Path:
    """A folder with a copy of the trained run: addition of one digit."""
    shutil.copytree(trained.path, tmp_path / "runs" / "run")
    return tmp_path / "runs"


def test_a_person_reads_what_is_kept_and_it_is_not_computed_again(l2e: CommandLine, runs: Path) -> None:
    first = l2e("extrapolate", "runs", "-n", 10, "--rule", "exact_match")
    assert first.code == 0, first.errors
    left_out = [
        f"(1, {nesting}) is left out: nesting {nesting} is outside what task 'addition' can do: 1 to 1"
        for nesting in (2, 3)
    ]
    assert first.errors.splitlines() == ["runs/run: (2, 1)", "runs/run: (3, 1)", *left_out]
    assert "**Exact match beyond the target, %: addition**" in first.output
    assert "| trained at   | strategy   | at the target   | length +1" in first.output
    again = l2e("extrapolate", "runs", "-n", 10, "--rule", "exact_match")
    assert (again.output, again.errors.splitlines()) == (first.output, left_out)


def test_json_is_the_rows_of_what_was_asked(l2e: CommandLine, runs: Path) -> None:
    done = l2e("extrapolate", "runs", "--length", 4, "-n", 10, "--json")
    rows = json.loads(done.output)
    assert [(row["length"], row["trained_length"], row["rule"]) for row in rows] == [
        (4, 1, "teacher_forced_accuracy"),
        (4, 1, "character_accuracy"),
        (4, 1, "exact_match"),
    ]
    assert rows == json.loads((runs / "run" / FILE).read_text())["rows"]
    evaluated = json.loads(l2e("evaluate", "runs/run", "--length", 4, "-n", 10, "--json").output)["rows"]
    assert [row["accuracy"] for row in rows] == [row["accuracy"] for row in evaluated[:3]]


def test_an_unfinished_run_is_named_and_left_out(l2e: CommandLine, runs: Path) -> None:
    Run(runs / "begun").begin(experiment(curriculum="mix"))
    done = l2e("extrapolate", "runs", "--length", 2, "-n", 5)
    assert done.code == 0
    assert done.errors.splitlines() == ["not complete, left out: runs/begun", "runs/run: (2, 1)"]


def test_what_the_task_cannot_serve_at_all_is_a_failure_that_says_why(error_of: Callable[..., str], runs: Path) -> None:
    errors = error_of(1, "extrapolate", "runs", "--nesting", 2)
    assert "(1, 2) is left out: nesting 2 is outside what task 'addition' can do: 1 to 1\n" in errors
    assert "no run was scored beyond its target" in errors


def test_a_run_without_a_checkpoint_is_a_failure(error_of: Callable[..., str], runs: Path) -> None:
    shutil.rmtree(runs / "run" / "checkpoints")
    assert "the run at runs/run has no checkpoint" in error_of(1, "extrapolate", "runs")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--length", "0"], "0 is not in the range x>=1"),
        (["--length", "1"], "no --length or --nesting is beyond the target of a run: (1, 1)"),
        (["-n", "0"], "0 is not in the range x>=1"),
        (["--json", "--format", "csv"], "--format: not with --json"),
    ],
)
def test_bad_usage_is_told_what_is_right(
    error_of: Callable[..., str], runs: Path, arguments: list[str], message: str
) -> None:
    assert message in error_of(2, "extrapolate", "runs", *arguments)
