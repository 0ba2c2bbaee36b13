"""`l2e predict`: one answer at a time, with the right one beside it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generators.scrambling import Scrambling
from l2e.experiments.experiment import Choice
from l2e.experiments.run import Run
from tests.l2e.cli.conftest import CommandLine, Trained
from tests.toys import experiment, json_lines, untrained

INPUTS = [*(f"print({i}+{i})" for i in range(1, 10)), r"a=8;\nprint((a-9))", "print((1+", ""]


@pytest.fixture(scope="module")
def rows(trained: Trained) -> list[dict[str, Any]]:
    """What it says of the inputs."""
    done = CommandLine(trained.path.parent)("predict", "run", *INPUTS, "--json")
    assert (done.code, done.errors) == (0, "")
    return json_lines(done.output)


def test_answer_target_and_verdict_come_in_the_order_of_the_inputs(rows: list[dict[str, Any]]) -> None:
    assert [row["input"] for row in rows[:9]] == INPUTS[:9]
    assert [row["target"] for row in rows[:9]] == [f"{2 * i}." for i in range(1, 10)]
    assert [row["right"] for row in rows[:9]] == [row["answer"] == row["target"] for row in rows[:9]]


def test_a_backslash_and_an_n_stand_for_a_line_end(rows: list[dict[str, Any]]) -> None:
    assert (rows[9]["input"], rows[9]["target"]) == ("a=8;\nprint((a-9))", "-1.")


def test_text_outside_the_language_is_answered_and_said_to_have_no_target(rows: list[dict[str, Any]]) -> None:
    assert [row["error"].partition(":")[0] for row in rows[10:]] == ["line 1, column 10", "line 1, column 1"]
    assert all("answer" in row and "target" not in row for row in rows[10:])


def test_a_person_reads_the_verdict(l2e: CommandLine, trained: Trained, rows: list[dict[str, Any]]) -> None:
    output = l2e("predict", trained.path, INPUTS[0], "print((1+", "--max-characters", 1).output
    answer, excerpt = rows[0]["answer"][:1], "print((1+"
    verdict = "right" if answer == "2." else "wrong; the target is 2."
    assert output.startswith(f"{INPUTS[0]}\n  answer  {answer}  {verdict}\n{excerpt}\n  answer  ")
    assert "no target: line 1, column 10" in output


def test_text_outside_the_alphabet_is_a_failure_that_names_the_character(
    error_of: Callable[..., str], trained: Trained
) -> None:
    errors = error_of(1, "predict", trained.path, "print(5)", "print(é)")
    assert "line 1, column 7: 'é' is not in the vocabulary" in errors
    assert "print(é)\n      ^" in errors


def test_a_missing_run_is_a_failure(error_of: Callable[..., str]) -> None:
    assert "there is no run at no: experiment.json is missing" in error_of(1, "predict", "no", "print(5)")


def test_nothing_to_predict_is_bad_usage(error_of: Callable[..., str]) -> None:
    assert "Missing argument 'INPUT" in error_of(2, "predict", "run")


@pytest.mark.parametrize(
    ("learner", "scramble", "read"),
    [("attention", None, "print(1+2)"), ("transformer", 7, None)],
    ids=["plain", "view"],
)
def test_attention_is_drawn_beside_the_answer(
    l2e: CommandLine, tmp_path: Path, learner: str, scramble: int | None, read: str | None
) -> None:
    of = experiment(learner=Choice(name=learner, options={"cells": 16}), scramble=scramble)
    run = Run(tmp_path / "run")
    run.begin(of)
    run.save_checkpoint(1, untrained(of.make_learner()))
    asked = ("predict", "run", "print(1+2)", "--max-characters", 3, "--json")
    done = l2e(*asked, "--attention", "drawn/looked.svg")
    assert (done.code, done.errors) == (0, "")
    assert [row["target"] for row in json_lines(done.output)] == ["3."]
    picture = (tmp_path / "drawn" / "looked.svg").read_text()
    seen = read or Scrambling(7).scramble("print(1+2)")
    assert re.findall("<!-- (.*) -->", picture)[: len(seen)] == list(seen)


def test_attention_of_a_learner_without_it_is_bad_usage(error_of: Callable[..., str], trained: Trained) -> None:
    errors = error_of(2, "predict", trained.path, "print(5)", "--attention", "looked.svg")
    assert "--attention wants a learner that shows its attention, such as attention or transformer" in errors


def test_attention_is_drawn_for_one_input(error_of: Callable[..., str]) -> None:
    errors = error_of(2, "predict", "run", "print(5)", "print(6)", "--attention", "looked.svg")
    assert "--attention draws one INPUT, not 2" in errors


def test_attention_in_an_unknown_format_is_refused_before_the_run_is_read(error_of: Callable[..., str]) -> None:
    errors = error_of(2, "predict", "missing", "print(5)", "--attention", "looked.gif")
    assert "'--attention': looked.gif does not end in a picture's format: .png, .svg, .pdf" in errors
