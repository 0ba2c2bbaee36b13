"""Published figures: each with its source, its rule and a task of ours."""

from l2e.published import PUBLISHED, published_table
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
