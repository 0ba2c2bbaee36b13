"""Published figures: each with its source, its rule and a task of ours."""

from l2e.analysis.literature import PUBLISHED
from l2e.registry import Group, names


def test_every_figure_is_of_a_task_of_ours_names_its_source_and_rule_and_stands_once() -> None:
    tasks = names(Group.TASK)
    for published in PUBLISHED:
        assert published.task in tasks
        assert published.source[-4:].isdigit() or published.source.endswith("quoted")
        assert published.rule
    assert len({figure[:4] for figure in PUBLISHED}) == len(PUBLISHED)
