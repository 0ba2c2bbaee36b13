"""What a report gathers from runs."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from l2e.experiments.experiment import Choice, Experiment
from l2e.experiments.recipes import recipe_named
from l2e.experiments.run import Run, RunError
from l2e.experiments.suite import LABEL
from l2e.reporting.html import Content, examples, gather
from l2e.reporting.html.content import Shown
from l2e.reporting.html.page import MEANINGS
from l2e.reporting.html.remaking import UNKNOWN, command_of
from tests.l2e.reporting.html.conftest import SUMS, told_run
from tests.toys import experiment, finished_run, row


def section(content: Content, name: str) -> Shown:
    (found,) = [one for one in content.sections if one.id == name]
    return found


def test_runs_become_sections_and_examples_in_the_papers_order(content_of_two_runs: Content) -> None:
    content = content_of_two_runs
    assert (content.title, content.unfinished) == ("Learning to execute: addition", [])
    assert [one.id for one in content.sections] == [
        *("verdict", "accuracy", "learning", "examples", "errors", "literature"),
    ]
    assert all(one.missing is None for one in content.sections)
    assert [group.strategies for group in content.groups] == [["baseline", "naive"]]
    assert [one.strategy for one in content.remakings] == ["baseline", "naive"]
    assert [len(section(content, name).pictures) for name in ("accuracy", "learning")] == [2, 0]
    assert content.picture is not None


def test_every_rule_of_the_tables_has_its_meaning(content_of_two_runs: Content) -> None:
    titles = [table.title for table in section(content_of_two_runs, "accuracy").tables]
    assert [title.split(" on the ")[0] for title in titles] == list(MEANINGS)


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


def test_of_several_seeds_the_first_is_browsed_and_all_are_made_again(tmp_path: Path) -> None:
    for seed in (0, 1):
        told_run(tmp_path, SUMS["naive"], curriculum="naive", seed=seed)
    content = gather([tmp_path])
    assert content.groups[0].strategies == ["naive"]
    assert [one.strategy for one in content.remakings] == ["naive · seed 0", "naive · seed 1"]


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


def test_without_matplotlib_sections_have_their_tables_and_say_what_is_missing(
    two_runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    content = gather([two_runs])
    for shown in (section(content, "accuracy"), section(content, "learning")):
        assert shown.tables
        assert (shown.pictures, shown.missing) == ([], "pictures need matplotlib: pip install 'l2e[figures]'")


def test_errors_that_cannot_be_taken_apart_say_why(tmp_path: Path) -> None:
    told_run(tmp_path, [("no sum", "1.", "1.", "1.")])
    shown = section(gather([tmp_path]), "errors")
    assert shown.tables == []
    assert "task addition does not know an input of its own" in str(shown.missing)


def test_pictures_of_a_page_share_no_id_and_refer_to_their_own(content_of_two_runs: Content) -> None:
    pictures = [picture.svg for one in content_of_two_runs.sections for picture in one.pictures]
    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in pictures]
    assert len(set.union(*ids)) == sum(map(len, ids)) > 0
    for svg, own in zip(pictures, ids, strict=True):
        assert set(re.findall(r'(?:url\(|href=")#([^")]+)', svg)) <= own
        assert "<style" not in svg


def test_what_was_not_recorded_is_said_to_be_so(tmp_path: Path) -> None:
    finished_run(tmp_path, experiment(), [row("seq2seq[cells=64]", "baseline", 0, 0.5)])
    content = gather([tmp_path])
    assert {content.remakings[0].facts[name] for name in ("commit", "machine", "seconds of training")} == {UNKNOWN}
    assert content.groups == []


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
        experiment(predictors=(Choice(name="uniform"), Choice(name="ngram", options={"order": 3}))),
    ],
    ids=["settings", "zaremba2014", "options", "texts", "predictors"],
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
