"""Published figures: each with its source, its rule and a task of ours, beside ours of the same tasks."""

import pandas as pd
import pytest

from l2e.analysis.literature import PUBLISHED
from l2e.experiments.experiment import Experiment
from l2e.experiments.suite import read_suite
from l2e.registry import Group, names
from l2e.reporting.tables.literature import COMPARABLE, published_tables
from tests.toys import experiment

ALL = [experiment(task=task) for task in dict.fromkeys(figure.task for figure in PUBLISHED)]


def frame_beside(*experiments: Experiment) -> pd.DataFrame:
    (table,) = published_tables(experiments)
    return table.frame


def sizes_beside(*experiments: Experiment) -> list[str]:
    """What the words say of sizes."""
    (table,) = published_tables(experiments)
    comparable, *sizes = table.words.splitlines()
    assert comparable == COMPARABLE
    return sizes


def test_every_figure_is_of_a_task_of_ours_and_names_its_source_and_rule() -> None:
    tasks = names(Group.TASK)
    for published in PUBLISHED:
        assert published.task in tasks
        assert published.source[-4:].isdigit() or published.source.endswith("quoted")
        assert published.rule


def test_the_table_has_every_figure_once() -> None:
    frame = frame_beside(*ALL)
    shown = [value for column in frame.columns[3:] for value in frame[column] if value != "–"]
    assert sorted(shown) == sorted(published.figure for published in PUBLISHED)


def test_rows_of_another_rule_stand_apart() -> None:
    assert len(frame_beside(*ALL)) == len({(p.source, p.learner, p.rule) for p in PUBLISHED})


def test_figures_on_some_tasks_are_those_alone() -> None:
    frame = frame_beside(experiment(task="control"), experiment(task="parity"))
    assert list(frame.columns[3:]) == ["control (5, 2)"]
    assert "–" not in set(frame["control (5, 2)"])


def test_tasks_without_figures_have_no_table() -> None:
    assert published_tables([experiment(task="parity")]) == []


def test_the_relational_memory_core_is_scored_by_characters_without_teacher_forcing() -> None:
    frame = frame_beside(experiment(task="control")).set_index("learner")
    assert frame.loc["relational memory core", "rule"].startswith("free-running characters of the best test batch")


def test_sizes_that_differ_are_named_once_each() -> None:
    runs = [experiment(task="copy", length=5, seed=seed) for seed in (0, 1)]
    runs += [experiment(task="addition", length=length) for length in (3, 9, 4)]
    runs += [experiment(task="program", length=5, nesting=2)]
    assert sizes_beside(*runs) == [
        "Sizes differ: addition (3, 1), (4, 1) here, (5, 2), (9, 1) there; copy (5, 1) here, up to 55 there."
    ]


def test_of_sizes_that_do_not_differ_nothing_is_said() -> None:
    assert sizes_beside(experiment(task="program", length=5, nesting=2)) == []


@pytest.mark.parametrize("name", ["learners", "learners-quick"])
def test_suites_of_short_strings_say_so_beside_figures_of_long_ones(name: str) -> None:
    (said,) = sizes_beside(*read_suite(name).experiments)
    assert "copy (5, 1) here, up to 55 there; double (5, 1) here, up to 55 there; reverse (5, 1) here" in said
