"""`l2e evaluate`: a trained run at any difficulty."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from l2e.evaluation.reference_predictors import REFERENCES
from l2e.experiments.run import Run
from tests.l2e.cli.conftest import CommandLine, Trained
from tests.toys import experiment


def test_at_its_target_the_rows_are_those_of_the_run(l2e: CommandLine, trained: Trained) -> None:
    rows = json.loads(l2e("evaluate", trained.path, "-n", 30, "--json").output)["rows"]
    known = Run(trained.path).result()["rows"]
    assert [(row["learner"], row["rule"], row["accuracy"]) for row in rows] == [
        (row["learner"], row["rule"], row["accuracy"]) for row in known
    ]


def test_a_harder_difficulty_than_trained_is_scored_with_its_floors(l2e: CommandLine, trained: Trained) -> None:
    done = l2e("evaluate", trained.path, "--length", 4, "-n", 20, "--split", "validation", "--json")
    assert done.code == 0, done.errors
    rows = json.loads(done.output)["rows"]
    assert {(row["length"], row["split"]) for row in rows} == {(4, "validation")}
    assert {row["learner"] for row in rows} == {"seq2seq[cells=64]", *REFERENCES}
    assert {row["accuracy"] for row in rows if row["learner"] == "interpreter"} == {1.0}


def test_a_missing_run_is_a_failure(error_of: Callable[..., str]) -> None:
    assert "there is no run at runs/none: experiment.json is missing" in error_of(1, "evaluate", "runs/none")


def test_a_run_without_a_checkpoint_is_a_failure_that_says_how_to_go_on(
    error_of: Callable[..., str], tmp_path: Path
) -> None:
    Run(tmp_path / "run").begin(experiment())
    errors = error_of(1, "evaluate", "run")
    assert "the run at run has no checkpoint yet; give its l2e train again to go on" in errors


def test_an_unfinished_run_is_scored_by_its_newest_checkpoint_in_a_table(
    l2e: CommandLine, trained: Trained, tmp_path: Path
) -> None:
    shutil.copytree(trained.path, tmp_path / "run")
    (tmp_path / "run" / "result.json").unlink()
    lines = l2e("evaluate", "run", "-n", 30).output.splitlines()
    accuracies = [float(line.split("|")[-4]) for line in lines[2:]]
    assert accuracies == [round(row["accuracy"], 3) for row in Run(trained.path).result()["rows"]]


def test_a_corrupt_checkpoint_is_a_failure_that_names_it(
    error_of: Callable[..., str], trained: Trained, tmp_path: Path
) -> None:
    shutil.copytree(trained.path, tmp_path / "run")
    for path in (tmp_path / "run" / "checkpoints").glob("*.safetensors"):
        path.write_bytes(path.read_bytes()[:-1])
    assert "checkpoint run/checkpoints/40 is corrupt" in error_of(1, "evaluate", "run")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--length", "0"], "length 0 is outside what task 'addition' can do"),
        (["-n", "0"], "0 is not in the range 1<=x<=100000000"),
        (["--split", "tset"], "'tset' is not one of 'train', 'validation', 'test'"),
    ],
)
def test_bad_usage_is_told_what_is_right(
    error_of: Callable[..., str], trained: Trained, arguments: list[str], message: str
) -> None:
    assert message in error_of(2, "evaluate", trained.path, *arguments)
