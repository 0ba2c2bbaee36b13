"""What a report gathers from runs."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from l2e.experiments.experiment import Choice, Experiment
from l2e.experiments.recipes import recipe_named
from l2e.experiments.run import Run, RunError
from l2e.experiments.suite import LABEL
from l2e.reporting.html import Content, examples, gather
from l2e.reporting.html.content import MEANINGS
from l2e.reporting.html.remaking import UNKNOWN, command_of
from tests.l2e.reporting.html.conftest import SUMS, told_run
from tests.toys import experiment, finished_run, row


def test_runs_become_tables_pictures_and_examples_in_the_papers_order(content_of_two_runs: Content) -> None:
    content = content_of_two_runs
    assert content.title == "Learning to execute: addition"
    assert [group.strategies for group in content.groups] == [["baseline", "naive"]]
    assert [one.strategy for one in content.remakings] == ["baseline", "naive"]
    assert [picture.caption for picture in content.pictures] == ["Learning curves: addition (2, 1)"]
    assert content.pictures[0].last == "Last check: baseline 50.0 % at (2, 1); naive 50.0 % at (2, 1)."
    assert (content.unfinished, content.without_pictures) == ([], None)


def test_every_rule_of_the_tables_has_its_meaning(content_of_two_runs: Content) -> None:
    titles = [table.title for table in content_of_two_runs.tables]
    assert [title.split(" on the ")[0] for title in titles if "test split" in title] == list(MEANINGS)


def test_answers_are_joined_by_their_input(content_of_two_runs: Content) -> None:
    (group,) = content_of_two_runs.groups
    assert (group.title, group.distinct) == ("addition (2, 1)", 3)
    second = group.examples[1]
    assert (second.input, second.target) == ("print(8+9)", "17.")
    assert (second.free, second.forced) == (["18.", "17."], ["17.", "17."])


def test_an_input_is_shown_once_and_one_that_a_run_was_not_asked_has_no_answer(tmp_path: Path) -> None:
    told_run(tmp_path, [*SUMS["baseline"], SUMS["baseline"][0]], curriculum="baseline")
    told_run(tmp_path, SUMS["naive"][1:], curriculum="naive")
    (group,) = gather([tmp_path]).groups
    assert [example.input for example in group.examples] == ["print(1+2)", "print(8+9)", "print(5+5)"]
    assert group.examples[0].free == ["3.", None]
    assert group.distinct == 3


def test_only_the_first_examples_are_shown_and_all_are_counted(two_runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "MOST_OF_A_GROUP", 2)
    (group,) = gather([two_runs]).groups
    assert (len(group.examples), group.distinct) == (2, 3)


def test_tasks_difficulties_and_scrambled_views_stand_apart(tmp_path: Path) -> None:
    for changes in ({}, {"length": 3}, {"scramble": 4}, {"task": "copy"}):
        told_run(tmp_path, SUMS["naive"], **changes)
    assert [group.title for group in gather([tmp_path]).groups] == [
        "addition (1, 1)",
        "addition (1, 1), scrambled with seed 4",
        "addition (3, 1)",
        "copy (1, 1)",
    ]


def test_seeds_are_strategies_to_compare_and_one_line_of_a_picture(tmp_path: Path) -> None:
    for seed in (0, 1):
        told_run(tmp_path, SUMS["naive"], curriculum="naive", seed=seed)
    content = gather([tmp_path])
    assert content.groups[0].strategies == ["naive · seed 0", "naive · seed 1"]
    assert content.pictures[0].svg.count(">naive<") == 1


def test_the_first_two_examples_of_each_target_stand_as_a_table(content_of_two_runs: Content) -> None:
    (first,) = content_of_two_runs.first
    assert [one.answers for one in first.examples] == [["3.", "3."], ["18.", "17."]]


def test_the_errors_are_taken_apart(content_of_two_runs: Content) -> None:
    content = content_of_two_runs
    assert any("by position from the front" in table.title for table in content.anatomy)
    assert content.without_anatomy is None


def test_figures_of_others_stand_beside_runs_of_their_tasks_alone(tmp_path: Path) -> None:
    for task in ("addition", "parity"):
        told_run(tmp_path / task, SUMS["naive"], task=task)
    (table,) = gather([tmp_path]).published
    assert {column.split()[0] for column in table.frame.columns[3:]} == {"addition"}
    assert "only where both were counted by the same rule" in table.words
    assert gather([tmp_path / "parity"]).published == []


def test_language_models_have_bits_per_character_beside_n_grams(two_runs: Path, content_of_two_runs: Content) -> None:
    assert all("Bits" not in table.title for table in content_of_two_runs.tables)
    run = told_run(two_runs, SUMS["naive"], curriculum="mix", length=2)
    bits = {str(run.experiment().learner): 2.34567, "ngram": 3.0}
    run.write_json("result.json", {**run.result(), "bits_per_character": bits})
    table = gather([two_runs]).tables[-1]
    assert table.frame.to_dict("records") == [
        {
            "task and difficulty": "addition (2, 1)",
            "strategy": "mix",
            "bits per character": "2.346",
            "of n-grams": "3.000",
        }
    ]


def test_runs_scored_beyond_their_target_have_tables_of_it(two_runs: Path, content_of_two_runs: Content) -> None:
    assert content_of_two_runs.extrapolation == []
    run = told_run(two_runs, SUMS["naive"], curriculum="mix", length=2)
    rules = ("teacher_forced_accuracy", "character_accuracy", "exact_match")
    rows = [row(str(run.experiment().learner), "mix", 0, 0.25, length=3, rule=rule) for rule in rules]
    run.write_json("extrapolation.json", {"update": 1, "n": 100, "rows": rows, "left_out": []})
    tables = gather([two_runs]).extrapolation
    assert len(tables) == len(rules)
    assert all(list(table.frame["strategy"]) == ["mix"] for table in tables)


def test_a_run_given_twice_is_reported_once(two_runs: Path) -> None:
    assert len(gather([two_runs, two_runs / ".." / two_runs.name]).remakings) == 2


def test_an_unfinished_run_is_named_and_left_out(two_runs: Path) -> None:
    Run(two_runs / "begun").begin(experiment(curriculum="mix"))
    content = gather([two_runs])
    assert content.unfinished == [str(two_runs / "begun")]
    assert len(content.remakings) == 2


def test_without_a_complete_run_there_is_no_report(tmp_path: Path) -> None:
    Run(tmp_path / "begun").begin(experiment())
    with pytest.raises(RunError, match="none of the 1 runs is complete yet"):
        gather([tmp_path])


def test_without_matplotlib_there_are_no_pictures_and_it_says_why(
    two_runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    content = gather([two_runs])
    assert content.pictures == []
    assert content.without_pictures == "pictures need matplotlib: pip install 'l2e[figures]'"
    assert content.groups


def test_what_was_not_recorded_is_said_to_be_so(tmp_path: Path) -> None:
    finished_run(tmp_path, experiment(), [row("seq2seq[cells=64]", "baseline", 0, 0.5)])
    content = gather([tmp_path])
    assert {content.remakings[0].facts[name] for name in ("commit", "machine", "seconds of training")} == {UNKNOWN}
    assert (content.groups, content.pictures) == ([], [])


def test_a_run_says_what_it_was_made_with_and_what_it_took(content_of_two_runs: Content) -> None:
    facts = content_of_two_runs.remakings[0].facts
    assert facts["commit"] == "0123abcd+"
    assert facts["versions"] == "Python 3.11.7, l2e 0.1.0, torch 2.13.0"
    assert facts["machine"] == "Abacus 9, 2 cores, no GPU, Linux"
    assert (facts["threads"], facts["seconds of training"], facts["characters"]) == ("1", "20.0", "12345")


@pytest.mark.parametrize(
    "of",
    [
        experiment(),
        experiment(recipe=recipe_named("zaremba2014"), seed=7, budget="90s", scramble=3, test_samples=5),
        experiment(task="program", length=3, nesting=2, curriculum=Choice(name="naive", options={"shortest": 2})),
        experiment(learner=Choice(name="elman", options={"cells": 8, "activation": "relu"})),
    ],
    ids=["settings", "zaremba2014", "options", "texts"],
)
def test_the_command_makes_the_same_experiment_again(of: Experiment, monkeypatch: pytest.MonkeyPatch) -> None:
    import l2e.training.run_experiment as running
    from l2e.cli import train

    given: list[Experiment] = []

    class StopHereError(Exception):
        pass

    def note(experiment: Experiment, *_: object) -> None:
        given.append(experiment)
        raise StopHereError

    monkeypatch.setattr(running, "run_experiment", note)
    l2e, command, *arguments = shlex.split(command_of(of))
    with pytest.raises(StopHereError):
        train.command.main(arguments, standalone_mode=False)
    assert (l2e, command, given) == ("l2e", "train", [of])


def test_a_text_that_looks_like_json_stays_a_text_and_the_shell_sees_one_word() -> None:
    of = experiment(learner=Choice(name="my file.py:Net", options={"size": "12", "note": "a b; rm"}))
    words = shlex.split(command_of(of, threads=2))
    assert {"my file.py:Net", 'learner.size="12"', "learner.note=a b; rm"} <= set(words)
    assert words[-2:] == ["--threads", "2"]


def test_runs_of_a_suite_are_reported_under_its_title(two_runs: Path) -> None:
    (two_runs / LABEL).write_text("Sums; laptop scale\n")
    assert gather([two_runs]).title == "Sums; laptop scale"


def test_difficulties_in_two_directions_are_drawn_as_maps_and_these_are_lines_alone(tmp_path: Path) -> None:
    for curriculum in ("baseline", "naive"):
        for length in (1, 2):
            for nesting in (1, 2):
                told_run(tmp_path, SUMS[curriculum], curriculum=curriculum, length=length, nesting=nesting)
    maps = [picture for picture in gather([tmp_path]).pictures if picture.kind == "overview"]
    assert [picture.caption.split(":")[0] for picture in maps][:2] == [
        "Teacher-forced accuracy of addition by length and nesting, %",
        "Teacher-forced accuracy of addition relative to baseline, percentage points (hatched",
    ]
    assert all("<image" not in picture.svg for picture in maps)


def test_maps_that_cannot_be_drawn_take_no_learning_curves_with_them(tmp_path: Path) -> None:
    for budget in ("10updates", "20updates"):
        for length in (1, 2):
            for nesting in (1, 2):
                told_run(tmp_path, SUMS["naive"], length=length, nesting=nesting, budget=budget)
    content = gather([tmp_path])
    assert {picture.kind for picture in content.pictures} == {"curves"}
    assert "different settings" in str(content.without_pictures)
