"""`l2e anatomy`: errors taken apart."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from l2e.experiments.run import Run
from tests.l2e.analysis.test_error_analysis import SUMS, answered_run
from tests.l2e.cli.conftest import CommandLine
from tests.toys import experiment


@pytest.fixture(autouse=True)
def runs(tmp_path: Path) -> Path:
    """Two complete runs with the same answers."""
    for curriculum in ("naive", "baseline"):
        answered_run(tmp_path / "runs", SUMS, curriculum=curriculum)
    return tmp_path / "runs"


def test_a_person_reads_a_table_an_aspect_and_rule(l2e: CommandLine) -> None:
    done = l2e("anatomy", "runs")
    assert (done.code, done.errors) == (0, "")
    titles = [line.strip("*") for line in done.output.splitlines() if line.startswith("**")]
    per_rule = [
        *(f"{rule} by position from the {end}" for end in ("front", "end") for rule in ("Teacher-forced", "Character")),
        *(f"{rule} by {aspect}" for aspect in ("answer length", "carries") for rule in ("Teacher-forced", "Exact")),
        "Share of answers by size of the error",
    ]
    shortened = [title.partition(",")[0].replace(" accuracy", "").replace(" match", "") for title in titles]
    assert shortened == per_rule


def test_flat_rows_as_csv_parse_back(l2e: CommandLine) -> None:
    output = l2e("anatomy", "runs", "--style", "long", "--format", "csv", "--aspect", "carries").output
    frame = pd.read_csv(io.StringIO(output))
    assert set(frame["aspect"]) == {"carries"}
    exact = frame[(frame["rule"] == "exact_match") & (frame["curriculum"] == "naive")]
    assert exact[["value", "correct", "n"]].values.tolist() == [[0, 0, 1], [1, 1, 1], [2, 0, 1]]


def test_json_is_flat_rows_of_the_chosen_rule(l2e: CommandLine) -> None:
    rows = json.loads(l2e("anatomy", "runs", "--rule", "share_of_answers", "--json").output)
    assert [row["value"] for row in rows if row["curriculum"] == "baseline" and row["correct"]] == [
        "exact",
        "10 to 100 %",
        "100 % or more",
    ]


@pytest.mark.parametrize(("format", "mark"), [("latex", r"\begin{tabular}"), ("html", "<table"), ("csv", "carries,")])
def test_every_format_has_the_strategies(l2e: CommandLine, format: str, mark: str) -> None:
    done = l2e("anatomy", "runs", "--format", format, "--aspect", "carries")
    assert (done.code, done.errors) == (0, "")
    assert mark in done.output
    assert "naive" in done.output


def test_an_unfinished_run_is_named_and_left_out(l2e: CommandLine, runs: Path) -> None:
    Run(runs / "begun").begin(experiment(curriculum="mix"))
    done = l2e("anatomy", "runs")
    assert (done.code, done.errors) == (0, "not complete, left out: runs/begun\n")
    assert "mix" not in done.output


def test_samples_that_are_all_alike_have_no_table_and_it_is_said(l2e: CommandLine) -> None:
    done = l2e("anatomy", "runs", "--aspect", "sign")
    assert (done.code, done.output) == (0, "")
    assert done.errors == "no table: all samples have the same sign; --style long has the rows\n"


def test_an_aspect_that_is_none_is_told_the_nearest(error_of: Callable[..., str]) -> None:
    assert "did you mean 'carries'?" in error_of(2, "anatomy", "runs", "--aspect", "caries")


def test_an_aspect_and_a_rule_that_do_not_go_together_are_bad_usage(error_of: Callable[..., str]) -> None:
    errors = error_of(2, "anatomy", "runs", "--aspect", "sign", "--rule", "share_of_answers")
    assert "no sign is counted by share_of_answers" in errors


def test_an_option_without_effect_is_bad_usage(error_of: Callable[..., str]) -> None:
    assert "--style: not with --json" in error_of(2, "anatomy", "runs", "--json", "--style", "long")


def test_a_folder_without_runs_and_runs_without_answers_are_failures(
    error_of: Callable[..., str], runs: Path, tmp_path: Path
) -> None:
    assert "there is no run at or below none" in error_of(1, "anatomy", "none")
    next(runs.glob("*/predictions.jsonl")).unlink()
    assert "has no predictions.jsonl" in error_of(1, "anatomy", "runs")
