"""The examples that the page's browser holds: as many of the joined test samples as keep the file small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from l2e.analysis.examples import Example, joined
from l2e.experiments.run import Run

MOST_OF_A_GROUP = 300
MOST_ANSWERS = 60_000  # in the whole page: it keeps the file at a few MB however many runs there are


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
    examples = joined(runs)
    return Group(title, list(strategies), examples[:most], len(examples))
