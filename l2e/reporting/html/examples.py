"""Examples for the page, as many as keep the file small."""

from __future__ import annotations

from dataclasses import dataclass, field

from l2e.analysis.examples import Example, joined, one_seed_each
from l2e.analysis.run_set import RunSet

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


def groups_of(runs: RunSet) -> list[Group]:
    """The first examples of each target, in the order of the test samples, which are drawn at random.

    Args:
        runs: of several seeds the first is shown; those that keep no answers are left out.
    """
    answered = one_seed_each(runs.where(lambda run: run.answered))
    most = share_of_a_group(len(answered))
    groups = []
    for title, members in answered.by_target().items():
        if examples := joined(members.runs):
            groups.append(Group(title, members.names, examples[:most], len(examples)))
    return groups


def share_of_a_group(runs: int) -> int:
    """How many examples each group may show, given the number of runs on the page.

    >>> share_of_a_group(8), share_of_a_group(1000)
    (300, 60)
    """
    return max(1, min(MOST_OF_A_GROUP, MOST_ANSWERS // max(1, runs)))
