"""Published figures: each with its source, its rule and a task of ours."""

import pytest

from l2e.published import PUBLISHED, published_table, published_tasks
from l2e.registry import Group, names


def test_every_figure_is_of_a_task_of_ours_and_names_its_source_and_rule() -> None:
    tasks = names(Group.TASK)
    for published in PUBLISHED:
        assert published.task in tasks
        assert published.source[-4:].isdigit() or published.source.endswith("quoted")
        assert published.rule


def test_the_table_has_every_figure_once() -> None:
    frame = published_table().frame
    shown = [value for column in frame.columns[3:] for value in frame[column] if value != "–"]
    assert sorted(shown) == sorted(published.figure for published in PUBLISHED)


def test_rows_of_another_rule_stand_apart() -> None:
    frame = published_table().frame
    assert len(frame) == len({(p.source, p.learner, p.rule) for p in PUBLISHED})


def test_figures_on_some_tasks_are_those_alone() -> None:
    frame = published_table(["control", "parity"]).frame
    assert list(frame.columns[3:]) == ["control (5, 2)"]
    assert "–" not in set(frame["control (5, 2)"])


def test_tasks_without_figures_have_no_table() -> None:
    assert "parity" not in published_tasks()
    with pytest.raises(ValueError, match="others have published nothing on parity; only on"):
        published_table(["parity"])


def test_the_table_says_what_is_comparable() -> None:
    assert "comparable with one of ours only where both were counted by the same rule" in published_table().words
