"""`l2e show`: figures, examples, errors and generalization of runs."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from l2e.evaluation.generalization import FILE
from l2e.experiments.run import Run
from tests.l2e.cli.conftest import CommandLine, Trained
from tests.l2e.play.conftest import saved_run
from tests.l2e.reporting.html.conftest import make_two_runs, told_run
from tests.toys import experiment

WHAT = {
    "figures": ("--out", "drawn", "--rule", "exact_match"),
    "examples": (),
    "errors": (),
    "generalization": ("--length", 4, "-n", 5),
}


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Two complete runs of sums: baseline has one of three right, naive two."""
    return make_two_runs(tmp_path / "runs")


@pytest.fixture
def learnt(tmp_path: Path, trained: Trained) -> Path:
    """A folder with a copy of the trained run: addition of one digit."""
    shutil.copytree(trained.path, tmp_path / "learnt" / "run")
    return tmp_path / "learnt"


@pytest.mark.parametrize("what", WHAT)
def test_an_unfinished_run_is_named_and_left_out(l2e: CommandLine, learnt: Path, what: str) -> None:
    Run(learnt / "begun").begin(experiment(curriculum="mix"))
    done = l2e("show", what, "learnt", *WHAT[what])
    assert done.code == 0, done.errors
    assert done.errors.startswith("not complete, left out: learnt/begun\n")
    assert "mix" not in done.output


@pytest.mark.parametrize("what", WHAT)
def test_without_complete_runs_there_is_nothing_to_show(
    error_of: Callable[..., str], tmp_path: Path, what: str
) -> None:
    Run(tmp_path / "begun").begin(experiment())
    assert "none of the 1 runs is complete yet" in error_of(1, "show", what, "begun", *WHAT[what])
    assert "there is no run at or below missing" in error_of(1, "show", what, "missing", *WHAT[what])
    assert not (tmp_path / "drawn").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["figure"], "No such command 'figure'"),
        (["examples"], "Missing argument 'RUNS"),
        (["figures", "runs"], "Missing option '--out'"),
        (["figures", "runs", "--out", "drawn", "--rule", "accuracy"], "'accuracy' is not one of"),
        (["examples", "runs", "-n", "0"], "0 is not in the range"),
        (["errors", "runs", "--aspect", "caries"], "did you mean 'carries'?"),
        (
            ["errors", "runs", "--aspect", "sign", "--rule", "share_of_answers"],
            "no sign is counted by share_of_answers",
        ),
        (["errors", "runs", "--json", "--style", "long"], "--style: not with --json"),
        (["generalization", "runs", "--length", "0"], "0 is not in the range x>=1"),
        (["generalization", "runs", "--length", "1"], "no --length or --nesting is beyond the target of a run: (2, 1)"),
        (["generalization", "runs", "--json", "--format", "csv"], "--format: not with --json"),
    ],
)
def test_bad_usage_is_told_what_is_right(
    error_of: Callable[..., str], runs: Path, arguments: list[str], message: str
) -> None:
    assert message in error_of(2, "show", *arguments)


def test_each_figure_is_written_as_svg_and_png_and_said(l2e: CommandLine, runs: Path) -> None:
    told_run(runs, [], length=1)
    done = l2e("show", "figures", "runs", "--rule", "exact_match", "--out", "drawn/here")
    assert (done.code, done.errors) == (0, "")
    names = ["digits-exact_match", "curves-addition-1x1", "curves-addition-2x1"]
    assert [line.split(":")[0] for line in done.output.splitlines()] == [f"drawn/here/{name}" for name in names]
    written = {path.name for path in (l2e.folder / "drawn" / "here").iterdir()}
    assert written == {f"{name}.{end}" for name in names for end in ("png", "svg")}


def test_examples_are_a_table_a_difficulty_with_wrong_characters_marked(l2e: CommandLine, runs: Path) -> None:
    done = l2e("show", "examples", "runs")
    assert (done.code, done.errors) == (0, "")
    assert done.output.startswith("**addition (2, 1): free-running answers**\n")
    assert "| <code>print(8+9)</code> | 17.      | 1<b>8</b>. | 17.     |" in done.output
    assert "print(5+5)" not in done.output
    assert "print(5+5)" in l2e("show", "examples", "runs", "-n", "3").output
    forced = l2e("show", "examples", "runs", "--forced", "-n", "1").output
    assert "| <code>print(1+2)</code> | 3.       | 3.         | <b>4</b>. |" in forced


@pytest.mark.parametrize(
    ("format", "mark"), [("html", "1<mark>8</mark>."), ("latex", r"1\underline{8}."), ("csv", ",18.,False")]
)
def test_examples_have_marks_of_their_own_in_every_format(l2e: CommandLine, runs: Path, format: str, mark: str) -> None:
    assert mark in l2e("show", "examples", "runs", "--format", format).output


def test_trained_networks_of_programs_are_asked_the_papers_programs(l2e: CommandLine, trained: Trained) -> None:
    again = [str(word) for word in trained.again]
    again[again.index("addition")] = "program"
    again[again.index("--out") + 1] = "runs/program"
    assert l2e(*again).code == 0
    done = l2e("show", "examples", "runs")
    assert (done.code, done.errors) == (0, "")
    assert "asked of networks trained at program (1, 1)**" in done.output
    line = next(line for line in done.output.splitlines() if "print((5997-738))" in line)
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells[1:6] == ["5259.", "5<b>101</b>.", "5<b>101</b>.", "52<b>4</b>9.", "52<b>2</b>9."]
    assert "not asked" not in done.output


def test_errors_are_a_table_an_aspect_and_rule(l2e: CommandLine, runs: Path) -> None:
    done = l2e("show", "errors", "runs")
    assert (done.code, done.errors) == (0, "")
    titles = [line.strip("*").partition(",")[0] for line in done.output.splitlines() if line.startswith("**")]
    forced, character, exact = "Teacher-forced accuracy", "Character accuracy", "Exact match"
    assert titles == [
        *(f"{rule} by position from the {end}" for end in ("front", "end") for rule in (forced, character)),
        *(f"{rule} by {aspect}" for aspect in ("answer length", "carries") for rule in (forced, exact)),
        "Share of answers by size of the error",
    ]


def test_errors_as_rows_are_those_of_the_chosen_aspect_and_rule(l2e: CommandLine, runs: Path) -> None:
    output = l2e("show", "errors", "runs", "--style", "long", "--format", "csv", "--aspect", "carries").output
    frame = pd.read_csv(io.StringIO(output))
    assert set(frame["aspect"]) == {"carries"}
    exact = frame[(frame["rule"] == "exact_match") & (frame["curriculum"] == "naive")]
    assert exact[["value", "correct", "n"]].values.tolist() == [[0, 1, 1], [1, 1, 2]]
    rows = json.loads(l2e("show", "errors", "runs", "--rule", "share_of_answers", "--json").output)
    sizes = [row["value"] for row in rows if row["curriculum"] == "baseline" and row["correct"]]
    assert sizes == ["exact", "off by 1", "10 to 100 %"]


@pytest.mark.parametrize(("format", "mark"), [("latex", r"\begin{tabular}"), ("html", "<table"), ("csv", "carries,")])
def test_errors_in_every_format_have_the_strategies(l2e: CommandLine, runs: Path, format: str, mark: str) -> None:
    done = l2e("show", "errors", "runs", "--format", format, "--aspect", "carries")
    assert (done.code, done.errors) == (0, "")
    assert mark in done.output
    assert "naive" in done.output


def test_samples_that_are_all_alike_have_no_table_of_errors_and_it_is_said(l2e: CommandLine, runs: Path) -> None:
    done = l2e("show", "errors", "runs", "--aspect", "sign")
    assert (done.code, done.output) == (0, "")
    assert done.errors == "no table: all samples have the same sign; --style long has the rows\n"


@pytest.mark.parametrize("what", ["examples", "errors"])
def test_runs_that_keep_no_answers_are_failures(error_of: Callable[..., str], runs: Path, what: str) -> None:
    for path in runs.glob("*/predictions.jsonl"):
        path.unlink()
    assert "predictions.jsonl" in error_of(1, "show", what, "runs")


def test_what_was_scored_beyond_the_target_is_kept_and_not_computed_again(l2e: CommandLine, learnt: Path) -> None:
    asked = ("show", "generalization", "learnt", "-n", 10, "--rule", "exact_match")
    first = l2e(*asked)
    assert first.code == 0, first.errors
    left_out = [
        f"(1, {nesting}) is left out: nesting {nesting} is outside what task 'addition' can do: 1 to 1"
        for nesting in (2, 3)
    ]
    assert first.errors.splitlines() == ["learnt/run: (2, 1)", "learnt/run: (3, 1)", *left_out]
    assert "**Exact match beyond the target, %: addition**" in first.output
    assert "| trained at   | strategy   | at the target   | length +1" in first.output
    again = l2e(*asked)
    assert (again.output, again.errors.splitlines()) == (first.output, left_out)


def test_generalization_as_json_is_the_rows_of_what_was_asked(l2e: CommandLine, learnt: Path) -> None:
    done = l2e("show", "generalization", "learnt", "--length", 4, "-n", 10, "--json")
    rows = json.loads(done.output)
    assert [(row["length"], row["trained_length"], row["rule"]) for row in rows] == [
        (4, 1, "teacher_forced_accuracy"),
        (4, 1, "character_accuracy"),
        (4, 1, "exact_match"),
    ]
    assert rows == json.loads((learnt / "run" / FILE).read_text())["rows"]
    evaluated = json.loads(l2e("evaluate", "learnt/run", "--length", 4, "-n", 10, "--json").output)["rows"]
    assert [row["accuracy"] for row in rows] == [row["accuracy"] for row in evaluated[:3]]


def test_what_cannot_be_scored_beyond_the_target_is_a_failure_that_says_why(
    error_of: Callable[..., str], learnt: Path
) -> None:
    errors = error_of(1, "show", "generalization", "learnt", "--nesting", 2)
    assert "(1, 2) is left out: nesting 2 is outside what task 'addition' can do: 1 to 1\n" in errors
    assert "no run could be scored beyond its target" in errors
    shutil.rmtree(learnt / "run" / "checkpoints")
    assert "the run at learnt/run has no checkpoint" in error_of(1, "show", "generalization", "learnt")


def test_states_are_shown_as_text_as_json_and_as_a_picture(l2e: CommandLine, trained: Trained) -> None:
    asked = ("show", "states", trained.path, "print(1+2)", "--units", 2)
    done = l2e(*asked)
    assert (done.code, done.errors) == (0, "")
    assert "decoder layer 1, forget gate: units that change most, 0 to 1" in done.output
    content = json.loads(l2e(*asked, "--json").output)
    predicted = json.loads(l2e("predict", trained.path, "print(1+2)", "--json").output)
    assert content["answer"] == predicted["answer"]
    assert {len(one["units"]) for one in content["units"]} == {2}
    drawn = l2e(*asked, "--out", "drawn/states.svg")
    assert (drawn.code, drawn.output, drawn.errors) == (0, "", "")
    assert "output gate" in (l2e.folder / "drawn" / "states.svg").read_text()


def test_states_are_of_the_answer_that_is_given_and_of_lines(l2e: CommandLine, trained: Trained) -> None:
    asked = ("show", "states", trained.path, r"a=1;\nprint(a)", "--answer", "1.", "--json")
    assert json.loads(l2e(*asked).output)["characters"] == [*"a=1;\nprint(a)\x011"]


def test_states_of_a_learner_that_tells_none_are_bad_usage(
    error_of: Callable[..., str], tmp_path: Path, trained: Trained
) -> None:
    assert "'é' is not in the vocabulary" in error_of(1, "show", "states", trained.path, "é")
    assert "there is no run at missing" in error_of(1, "show", "states", "missing", "1")
    saved_run(tmp_path, learner={"name": "memoryless", "options": {"cells": 8}})
    [run] = tmp_path.iterdir()
    assert "Memoryless does not tell its states or attention; those that do: attention" in error_of(
        2, "show", "states", run, "1"
    )
