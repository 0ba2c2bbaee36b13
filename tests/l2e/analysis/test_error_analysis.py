"""Errors taken apart, against counts by hand."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.scrambling import Scrambling
from l2e.analysis.error_analysis import END, ERROR, ERROR_SIZES, FRONT, LENGTH, SHARE, SIGN, error_rows, error_size
from l2e.analysis.run_set import RunSet
from l2e.experiments.run import Run, RunError
from l2e.metrics import Rule, Score, score, wilson
from tests.toys import experiment, finished_run

Answer = tuple[str, str, str, str]  # input, target, free-running, teacher-forced
FORCED, CHARACTER, EXACT = "teacher_forced_accuracy", "character_accuracy", "exact_match"


def answered_run(folder: Path, answers: Sequence[Answer], **changes: Any) -> Run:
    """A complete run with these answers."""
    of = experiment(**changes)
    run = finished_run(folder / of.id, of, [])
    fields = ("input", "target", "answer", "teacher_forced")
    run.write_predictions(
        {"length": of.length, "nesting": of.nesting, **dict(zip(fields, answer, strict=True))} for answer in answers
    )
    return run


def rows_of(*runs: Run) -> pd.DataFrame:
    """What is found of these runs."""
    return error_rows(RunSet.of(runs))


def counts(rows: pd.DataFrame, aspect: str, rule: str, curriculum: str = "baseline") -> dict[Any, tuple[int, int]]:
    """Right ones and all, by value."""
    chosen = rows[(rows["aspect"] == aspect) & (rows["rule"] == rule) & (rows["curriculum"] == curriculum)]
    return {row["value"]: (row["correct"], row["n"]) for row in chosen.to_dict("records")}


SUMS: list[Answer] = [
    ("print(8+9)", "17.", "17.", "17."),
    ("print(1+2)", "3.", "13.", "3."),
    ("print(99+1)", "100.", "10.", "110."),
]


def test_positions_are_counted_from_either_end(tmp_path: Path) -> None:
    rows = rows_of(answered_run(tmp_path, SUMS))
    assert counts(rows, FRONT, FORCED) == {1: (3, 3), 2: (2, 3), 3: (2, 2), 4: (1, 1)}
    # 17. is right, 13. for 3. wrong in all three places, 10. for 100. right in its first two.
    assert counts(rows, FRONT, CHARACTER) == {1: (2, 3), 2: (2, 3), 3: (1, 3), 4: (0, 1)}
    assert counts(rows, END, FORCED) == {1: (3, 3), 2: (3, 3), 3: (1, 2), 4: (1, 1)}
    assert counts(rows, END, CHARACTER) == {1: (3, 3), 2: (3, 3), 3: (1, 3), 4: (0, 1)}


def test_length_and_carries_count_answers_and_characters(tmp_path: Path) -> None:
    rows = rows_of(answered_run(tmp_path, SUMS))
    assert counts(rows, LENGTH, EXACT) == {1: (0, 1), 2: (1, 1), 3: (0, 1)}
    assert counts(rows, LENGTH, FORCED) == {1: (2, 2), 2: (3, 3), 3: (3, 4)}
    assert counts(rows, "carries", EXACT) == {0: (0, 1), 1: (1, 1), 2: (0, 1)}
    assert counts(rows, SIGN, EXACT) == {"positive": (1, 3)}
    (row,) = rows[(rows["aspect"] == SIGN) & (rows["rule"] == EXACT)].to_dict("records")
    assert (row["accuracy"], row["low"], row["high"]) == (1 / 3, *wilson(1, 3))


PROGRAMS: list[Answer] = [
    ("print((1-1))", "0.", "0.", "0."),
    ("print((1-9))", "-8.", "-7.", "-7."),
    ("h=4\nfor x in range(3):h-=2\nprint((h+5))", "3.", "-3.", "-3"),
]


def test_a_program_counts_for_each_of_its_operations_and_errors_are_shares_of_all_answers(tmp_path: Path) -> None:
    rows = rows_of(answered_run(tmp_path, PROGRAMS, task="program"))
    assert counts(rows, "operation", EXACT) == {"loop": (0, 1), "pair +": (0, 1), "pair -": (1, 2)}
    assert counts(rows, SIGN, EXACT) == {"negative": (0, 1), "zero": (1, 1), "positive": (0, 1)}
    found = counts(rows, ERROR, SHARE)
    assert list(found) == list(ERROR_SIZES)
    assert [size for size, count in found.items() if count == (1, 3)] == ["exact", "off by 1", "wrong sign"]
    assert sum(right for right, _ in found.values()) == 3


@pytest.mark.parametrize(
    ("answer", "target", "size"),
    [
        ("100.", "100.", "exact"),
        ("0.", "0.", "exact"),
        ("101.", "100.", "off by 1"),
        ("0.", "-1.", "off by 1"),
        ("1.", "0.", "off by 1"),
        ("2.", "0.", "100 % or more"),
        ("1009.", "1000.", "less than 1 %"),
        ("1010.", "1000.", "1 to 10 %"),
        ("-900.", "-1000.", "10 to 100 %"),
        ("0.", "7.", "100 % or more"),
        ("14.", "7.", "100 % or more"),
        ("-7.", "7.", "wrong sign"),
        *((answer, "7.", "no number") for answer in ("", "7", "07.", "-0.", "7..", "1-2.", "\u0667.", "7.\n", "+7.")),
    ],
)
def test_the_size_of_an_error(answer: str, target: str, size: str) -> None:
    assert error_size(answer, target) == size


@given(st.integers(), st.integers())
def test_an_error_is_exact_only_of_equal_numbers_and_of_one_known_size(written: int, right: int) -> None:
    size = error_size(f"{written}.", f"{right}.")
    assert size in set(ERROR_SIZES) - {"no number"}
    assert (size == "exact") == (written == right)
    assert (size == "wrong sign") == (written * right < 0)


@given(st.lists(st.tuples(st.text("0123456789-.\x00é", max_size=6), st.from_regex(r"[0-9]{1,4}\.", fullmatch=True))))
def test_positions_add_up_to_the_rule_over_all_characters(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]
) -> None:
    answers = [(str(i), target, answer, target) for i, (answer, target) in enumerate(pairs)]
    rows = rows_of(answered_run(tmp_path_factory.mktemp("run"), answers, task="copy"))
    found = counts(rows, FRONT, CHARACTER) if len(rows) else {}
    total = sum((Score(*count) for count in found.values()), Score(0, 0))
    right, counted = score([answer for answer, _ in pairs], [target for _, target in pairs], Rule.CHARACTER)
    assert total == Score(right.sum(), counted.sum())


def test_targets_and_seeds_of_a_strategy_are_counted_together_and_strategies_apart(tmp_path: Path) -> None:
    runs = [
        answered_run(tmp_path, SUMS[:1], length=1),
        answered_run(tmp_path, SUMS[:1], length=1, seed=1),
        answered_run(tmp_path, SUMS[1:], length=2),
        answered_run(tmp_path, SUMS[1:], length=2, curriculum="naive"),
    ]
    rows = rows_of(*runs)
    assert counts(rows, LENGTH, EXACT) == {1: (0, 1), 2: (2, 2), 3: (0, 1)}
    assert counts(rows, LENGTH, EXACT, "naive") == {1: (0, 1), 3: (0, 1)}
    labels = ["task", "learner", "curriculum", "strategy", "targets", "runs"]
    assert rows[labels].drop_duplicates().values.tolist() == [
        ["addition", "seq2seq[cells=64]", "baseline", "baseline", "(1, 1) × 2; (2, 1)", 3],
        ["addition", "seq2seq[cells=64]", "naive", "naive", "(2, 1)", 1],
    ]


def test_a_scrambled_run_is_taken_apart_in_plain_text(tmp_path: Path) -> None:
    view = Scrambling(7)
    scrambled = [tuple(map(view.scramble, answer)) for answer in PROGRAMS]
    plain = rows_of(answered_run(tmp_path, PROGRAMS, task="program"))
    seen = rows_of(answered_run(tmp_path, scrambled, task="program", scramble=7))  # type: ignore[arg-type]
    assert set(seen["task"]) == {"program, scrambled with seed 7"}
    pd.testing.assert_frame_equal(seen.drop(columns="task"), plain.drop(columns="task"))


def test_digit_strings_have_no_sign_and_no_size_of_error(tmp_path: Path) -> None:
    answers = [("12", "12.", "12.", "12."), ("07", "07.", "70.", "07.")]
    rows = rows_of(answered_run(tmp_path, answers, task="copy"))
    assert set(rows["aspect"]) == {FRONT, END, LENGTH}


def test_an_input_that_its_task_does_not_know_names_the_run(tmp_path: Path) -> None:
    run = answered_run(tmp_path, [("print(1/2)", "0.", "0.", "0.")])
    with pytest.raises(RunError, match=rf"{run}: task addition does not know an input of its own: line 1, column 8"):
        rows_of(run)


def test_a_task_in_a_file_that_is_gone_names_the_run_and_the_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("from generators.addition import Addition\n")
    run = answered_run(tmp_path, SUMS, task=f"{file}:Addition")
    file.unlink()
    with pytest.raises(RunError, match=rf"{run}: .*there is no file {file}"):
        rows_of(run)


def test_a_users_task_says_what_its_inputs_are_made_of(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "from generators.addition import Addition\n"
        "class Mine(Addition):\n"
        "    def traits(self, input):\n"
        "        return {'nines': (input.count('9'),)}\n"
    )
    rows = rows_of(answered_run(tmp_path, SUMS, task=f"{file}:Mine"))
    assert counts(rows, "nines", EXACT) == {0: (0, 1), 1: (1, 1), 2: (0, 1)}
