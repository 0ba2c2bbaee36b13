"""`l2e table`: what runs add up to."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from l2e.experiments.run import Run
from tests.l2e.cli.conftest import CommandLine
from tests.l2e.reporting.tables.runs import checked
from tests.toys import experiment, finished_run, row


@pytest.fixture(autouse=True)
def runs(tmp_path: Path) -> Path:
    """Two complete runs, each with another accuracy under each of two rules."""
    for curriculum, accuracy in (("baseline", 0.5), ("naive", 0.75)):
        of = experiment(curriculum=curriculum)
        rows = [
            row("seq2seq[cells=64]", curriculum, 0, accuracy - step / 4, rule=rule)
            for step, rule in enumerate(("exact_match", "character_accuracy"))
        ]
        finished_run(tmp_path / "runs" / of.name, of, rows)
    return tmp_path / "runs"


def titles(output: str) -> list[str]:
    return [line.strip("*") for line in output.splitlines() if line.startswith("**")]


def test_a_person_reads_verdicts_accuracies_and_how_fast_it_is_learnt(l2e: CommandLine) -> None:
    done = l2e("table", "runs", "--rule", "exact_match")
    assert (done.code, done.errors) == (0, "")
    assert titles(done.output) == [
        "Exact match relative to baseline, percentage points",
        "What is claimed, and what these runs say",
        "Exact match on the test split, %",
        "Difficulty reached, and after which part of the training",
    ]
    assert "| seq2seq   | naive        | **75.0**          |" in done.output
    assert "+25.0†" in done.output
    assert "\n1 seed a cell: no verdict.\n" in done.output


def test_sections_are_shown_alone_in_the_order_asked(l2e: CommandLine) -> None:
    asked = ("--section", "literature", "--section", "accuracy", "--rule", "exact_match")
    assert titles(l2e("table", "runs", *asked).output) == [
        "Published by others, each by the rule of its row",
        "Exact match on the test split, %",
    ]


def test_json_is_a_row_a_cell(l2e: CommandLine) -> None:
    rows = json.loads(l2e("table", "runs", "--rule", "exact_match", "--json").output)
    assert [(one["curriculum"], one["value"], one["seeds"]) for one in rows] == [
        ("baseline", 0.5, 1),
        ("naive", 0.75, 1),
    ]


def test_flat_rows_as_csv_parse_back(l2e: CommandLine) -> None:
    frame = pd.read_csv(io.StringIO(l2e("table", "runs", "--style", "long", "--format", "csv").output))
    assert list(frame["rule"]) == ["exact_match", "character_accuracy"] * 2
    assert list(frame["value"]) == [0.5, 0.25, 0.75, 0.5]


def test_how_soon_it_is_learnt_is_a_rule_like_the_others(l2e: CommandLine, tmp_path: Path) -> None:
    for seed in range(2):
        checked(tmp_path / "learnt", "naive", [0.2, 0.6, 1.0, 1.0], seed)
    rules = ("--rule", "updates_to_target", "--rule", "success_rate")
    rows = json.loads(l2e("table", "learnt", *rules, "--json").output)
    assert [(one["rule"], one["value"]) for one in rows] == [
        *(("updates_to_target_50", 200), ("updates_to_target_90", 300), ("updates_to_target_99", 300)),
        ("success_rate", 1.0),
    ]
    assert titles(l2e("table", "learnt", "--rule", "success_rate", "--section", "learning").output)[0] == (
        "Success rate: runs that come to 99 % at the target, %"
    )
    refused = l2e("table", "learnt", "--rule", "success_rate", "--picture", "grid.png")
    assert (refused.code, "add a rule of accuracy" in refused.errors) == (2, True)


@pytest.mark.parametrize(("format", "mark"), [("latex", r"\begin{tabular}"), ("html", "<table"), ("csv", "learner,")])
@pytest.mark.parametrize("style", ["paper", "long"])
def test_both_styles_come_in_every_format(l2e: CommandLine, format: str, mark: str, style: str) -> None:
    done = l2e("table", "runs", "--format", format, "--style", style)
    assert (done.code, done.errors) == (0, "")
    assert mark in done.output or (style, format) == ("long", "csv")
    assert "naive" in done.output


def test_an_unfinished_run_is_named_and_left_out(l2e: CommandLine, runs: Path) -> None:
    Run(runs / "begun").begin(experiment(curriculum="mix"))
    done = l2e("table", "runs", "--section", "accuracy")
    assert (done.code, done.errors) == (0, "not complete, left out: runs/begun\n")
    assert "mix" not in done.output


def test_without_complete_runs_there_is_no_table(error_of: Callable[..., str], tmp_path: Path) -> None:
    Run(tmp_path / "begun").begin(experiment())
    assert "none of the 1 runs is complete yet" in error_of(1, "table", "begun")
    assert "there is no run at or below missing" in error_of(1, "table", "runs", "missing")


def test_a_picture_is_of_the_first_rule(l2e: CommandLine, runs: Path) -> None:
    rules = ("--rule", "exact_match", "--rule", "character_accuracy")
    done = l2e("table", "runs", *rules, "--picture", "drawn/grid.svg", "--json")
    assert (done.code, done.errors) == (0, "")
    assert "<!-- exact match, % -->" in (runs.parent / "drawn" / "grid.svg").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--json", "--section", "accuracy"], "--section: not with --json"),
        (["--json", "--style", "paper", "--format", "csv"], "--style, --format: not with --json"),
        (["--style", "long", "--section", "accuracy"], "--section: not with --style long"),
        (["--style", "paired"], "'paired' is not one of"),
        (["--rule", "accuracy"], "'accuracy' is not one of"),
    ],
)
def test_bad_usage_is_told_what_is_right(error_of: Callable[..., str], arguments: list[str], message: str) -> None:
    assert message in error_of(2, "table", "runs", *arguments)
    assert "Missing argument 'RUNS" in error_of(2, "table")


def test_figures_of_others_say_where_sizes_differ(l2e: CommandLine) -> None:
    output = l2e("table", "runs", "--section", "literature").output
    assert "| Zaremba & Sutskever 2014 | LSTM, combined" in output
    assert output.endswith("Sizes differ: addition (1, 1) here, (5, 2), (9, 1) there.\n")


def test_sections_without_tables_are_bad_usage(error_of: Callable[..., str], runs: Path) -> None:
    of = experiment(task="parity")
    finished_run(runs.parent / "parity" / of.name, of, [row("seq2seq[cells=64]", "baseline", 0, 0.5)])
    refused = error_of(2, "table", "parity", "--section", "literature")
    assert "of these runs there are no tables of literature" in refused
