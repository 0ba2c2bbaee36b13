"""Test samples beside every run's answers.

Runs of one task and difficulty are tested on the same samples; their answers are joined by the input's text, so that a
run with fewer samples has no answer to the others. An input that was drawn twice is shown once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from l2e.predictions import predictions_of
from l2e.runs import Run

MOST_OF_A_GROUP = 300
MOST_ANSWERS = 60_000  # in the whole page: it keeps the file at a few MB however many runs there are


@dataclass(frozen=True, slots=True)
class Example:
    """An input, what is right, and what each run answered, in the order of the group's runs.

    Attributes:
        input: the text.
        target: the right answer.
        free: [runs], free-running answers; None where a run was not asked.
        forced: [runs], teacher-forced answers.
    """

    input: str
    target: str
    free: list[str | None]
    forced: list[str | None]


@dataclass(frozen=True, slots=True)
class Group:
    """The examples of one task and difficulty.

    Attributes:
        title: task and difficulty.
        strategies: the runs' names.
        examples: those that are shown.
        distinct: how many different inputs there were.
    """

    title: str
    strategies: list[str]
    examples: list[Example] = field(repr=False)
    distinct: int


def share_of_a_group(runs: int) -> int:
    """How many examples each group may show, where so many runs are shown in all.

    >>> share_of_a_group(8), share_of_a_group(1000)
    (300, 60)
    """
    return max(1, min(MOST_OF_A_GROUP, MOST_ANSWERS // max(1, runs)))


def group_of(title: str, strategies: Sequence[str], runs: Sequence[Run], most: int) -> Group:
    """The first examples in the order of the test samples, which are drawn at random.

    Args:
        title: task and difficulty.
        strategies: [runs], the runs' names.
        runs: complete ones of this task and difficulty.
        most: examples that are shown.
    """
    found: dict[str, Example] = {}
    for column, run in enumerate(runs):
        if not run.predictions_path.exists():
            continue
        for one in predictions_of(run):
            if one.input not in found:
                none: list[None] = [None] * len(runs)
                found[one.input] = Example(one.input, one.target, [*none], [*none])
            example = found[one.input]
            example.free[column], example.forced[column] = one.answer, one.teacher_forced
    return Group(title, list(strategies), list(found.values())[:most], len(found))
