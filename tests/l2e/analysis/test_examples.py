"""Test samples beside each strategy's answers."""

from pathlib import Path

import pytest

from l2e.analysis.examples import Answered, first_examples, joined, one_seed_each
from l2e.analysis.run_set import RunSet
from l2e.experiments.run import RunError
from tests.l2e.analysis.conftest import scored_run
from tests.l2e.reporting.html.conftest import SUMS, told_run


def test_the_first_inputs_are_shown_with_every_strategys_answer(kept_two_runs: Path) -> None:
    runs = RunSet.read([kept_two_runs])
    (answers,) = first_examples(runs, 2)
    assert (answers.title, answers.strategies) == ("addition (2, 1): free-running answers", ["baseline", "naive"])
    assert answers.examples == [
        Answered("print(1+2)", "3.", ["3.", "3."]),
        Answered("print(8+9)", "17.", ["18.", "17."]),
    ]
    assert len(first_examples(runs, 100)[0].examples) == 3
    assert first_examples(RunSet.of(run.folder for run in runs.runs[::-1]), 2) == [answers]


def test_teacher_forced_answers_take_their_place_on_demand(kept_two_runs: Path) -> None:
    (answers,) = first_examples(RunSet.read([kept_two_runs]), 2, forced=True)
    assert answers.title.endswith("teacher-forced answers")
    assert [one.answers for one in answers.examples] == [["3.", "4."], ["17.", "17."]]
    assert "Teacher-forced" in answers.words


def test_an_input_is_shown_once_and_one_that_a_run_was_not_asked_has_no_answer(tmp_path: Path) -> None:
    first = told_run(tmp_path, [SUMS["baseline"][0], *SUMS["baseline"]], curriculum="baseline")
    second = told_run(tmp_path, SUMS["naive"][1:], curriculum="naive")
    found = joined(RunSet.of([first, second]).runs)
    assert [one.input for one in found] == ["print(1+2)", "print(8+9)", "print(5+5)"]
    assert found[0].free == ["3.", None]


def test_a_difficulty_has_a_table_and_the_last_one_the_words(tmp_path: Path) -> None:
    found = first_examples(RunSet.of(told_run(tmp_path, SUMS["naive"], length=length) for length in (10, 2)))
    assert [one.title.partition(":")[0] for one in found] == ["addition (2, 1)", "addition (10, 1)"]
    assert [bool(one.words) for one in found] == [False, True]


def test_a_run_without_answers_was_not_asked_and_without_any_there_are_no_examples(tmp_path: Path) -> None:
    silent = scored_run(tmp_path)
    told = told_run(tmp_path, SUMS["naive"], curriculum="naive")
    (answers,) = first_examples(RunSet.of([silent, told]), 1)
    assert answers.examples[0].answers == [None, "3."]
    with pytest.raises(RunError, match=r"none of the 1 runs has a predictions\.jsonl; delete"):
        first_examples(RunSet.of([silent]))


def test_of_repetitions_the_smallest_seed_that_each_setting_has_is_shown(tmp_path: Path) -> None:
    seeds = {"baseline": (4, 2, 3), "naive": (3,)}
    runs = RunSet.of(scored_run(tmp_path, curriculum=name, seed=seed) for name, some in seeds.items() for seed in some)
    chosen = [(str(run.experiment.curriculum), run.experiment.seed) for run in one_seed_each(runs)]
    assert chosen == [("baseline", 2), ("naive", 3)]
