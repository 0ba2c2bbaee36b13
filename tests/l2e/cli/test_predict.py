"""`l2e predict`: one answer at a time, with the right one beside it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.l2e.cli.conftest import CommandLine, Trained
from tests.toys import json_lines

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
    assert "line 1, column 7: 'é' is not in the alphabet" in errors
    assert "print(é)\n      ^" in errors


def test_a_missing_run_is_a_failure(error_of: Callable[..., str]) -> None:
    assert "there is no run at no: experiment.json is missing" in error_of(1, "predict", "no", "print(5)")


def test_nothing_to_predict_is_bad_usage(error_of: Callable[..., str]) -> None:
    assert "Missing argument 'INPUT" in error_of(2, "predict", "run")
