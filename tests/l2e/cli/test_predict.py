"""`l2e predict`: one answer at a time, with the right one beside it."""

import json
from collections.abc import Callable

from tests.l2e.cli.conftest import CommandLine, Trained
from tests.toys import json_lines


def test_json_holds_answer_target_and_verdict(l2e: CommandLine, trained: Trained) -> None:
    inputs = [f"print({i}+{i})" for i in range(1, 10)]
    done = l2e("predict", trained.path, *inputs, "--json")
    assert (done.code, done.errors) == (0, "")
    rows = json_lines(done.output)
    assert [row["input"] for row in rows] == inputs
    assert [row["target"] for row in rows] == [f"{2 * i}." for i in range(1, 10)]
    assert [row["right"] for row in rows] == [row["answer"] == row["target"] for row in rows]


def test_a_backslash_and_an_n_stand_for_a_line_end(l2e: CommandLine, trained: Trained) -> None:
    (row,) = json_lines(l2e("predict", trained.path, r"a=8;\nprint((a-9))", "--json").output)
    assert (row["input"], row["target"]) == ("a=8;\nprint((a-9))", "-1.")


def test_a_person_reads_the_verdict(l2e: CommandLine, trained: Trained) -> None:
    output = l2e("predict", trained.path, "print(1+2)").output
    (row,) = json_lines(l2e("predict", trained.path, "print(1+2)", "--json").output)
    verdict = "right" if row["right"] else "wrong; the target is 3."
    assert output == f"print(1+2)\n  answer  {row['answer']}  {verdict}\n"


def test_an_answer_is_no_longer_than_asked_for(l2e: CommandLine, trained: Trained) -> None:
    (row,) = json_lines(l2e("predict", trained.path, "print(1+2)", "--max-characters", 1, "--json").output)
    assert len(row["answer"]) == 1


def test_text_outside_the_language_is_answered_and_said_to_have_no_target(l2e: CommandLine, trained: Trained) -> None:
    done = l2e("predict", trained.path, "print((1+", "", "--json")
    assert done.code == 0
    assert [json.loads(line)["error"].partition(":")[0] for line in done.output.splitlines()] == [
        "line 1, column 10",
        "line 1, column 1",
    ]
    assert "no target: line 1, column 10" in l2e("predict", trained.path, "print((1+").output


def test_text_outside_the_alphabet_is_a_failure_that_names_the_character(
    error_of: Callable[..., str], trained: Trained
) -> None:
    errors = error_of(1, "predict", trained.path, "print(5)", "print(é)")
    assert "line 1, column 7: 'é' is not in the alphabet" in errors
    assert "print(é)\n      ^" in errors


def test_a_missing_run_is_a_failure(error_of: Callable[..., str]) -> None:
    assert "there is no run at no: experiment.json is missing" in error_of(1, "predict", "no", "print(5)")


def test_nothing_to_predict_is_bad_usage(error_of: Callable[..., str], trained: Trained) -> None:
    assert "Missing argument 'INPUT" in error_of(2, "predict", trained.path)
