"""What others have published on these tasks; each figure as it stands in the text that is named.

Their tasks, sizes and ways of counting differ from one another's and from ours, so a row is comparable only where it
says that it was scored by the same rule.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from l2e.tables import Table

DEHGHANI = "Dehghani et al. 2018"
SANTORO = "Santoro et al. 2018, quoted"
ZAREMBA = "Zaremba & Sutskever 2014"
CHARACTERS, ANSWERS = "free-running characters / whole answers, %", "best test batch, answers modulo a number, %"


class Published(NamedTuple):
    """A figure.

    Attributes:
        source: the paper; "quoted" where it was read in a text that quotes it.
        learner: as the paper calls it.
        task: ours that is most like it.
        size: of the samples.
        figure: as it was printed, in percent.
        rule: how it was counted.
    """

    source: str
    learner: str
    task: str
    size: str
    figure: str
    rule: str


def _dehghani(learner: str, **figures: str) -> list[Published]:
    sizes = dict.fromkeys(("program", "control", "addition"), "(5, 2)")
    return [
        Published(DEHGHANI, learner, task, sizes.get(task, "up to 55"), figure, CHARACTERS)
        for task, figure in figures.items()
    ]


PUBLISHED = (
    *_dehghani(
        "LSTM",
        program="53 / 12",
        control="68 / 21",
        addition="83 / 11",
        copy="78 / 11",
        double="51 / 4.7",
        reverse="91 / 32",
    ),
    *_dehghani(
        "Transformer",
        program="71 / 29",
        control="93 / 66",
        addition="100 / 100",
        copy="98 / 63",
        double="94 / 55",
        reverse="81 / 26",
    ),
    *_dehghani(
        "Universal Transformer",
        program="89 / 63",
        control="100 / 100",
        addition="100 / 100",
        copy="100 / 100",
        double="100 / 100",
        reverse="100 / 100",
    ),
    Published(SANTORO, "relational memory core", "control", "(5, 2)", "99.6", ANSWERS),
    Published(SANTORO, "DNC", "control", "(5, 2)", "83.8", ANSWERS),
    Published(ZAREMBA, "LSTM, combined", "addition", "(9, 1)", "99", "teacher-forced characters, %"),
)


def published_table() -> Table:
    """A row a paper, learner and rule; a column a task and size."""
    frame = pd.DataFrame(PUBLISHED)
    frame["column"] = frame["task"] + " " + frame["size"]
    wide = frame.pivot_table(
        index=["source", "learner", "rule"],
        columns="column",
        values="figure",
        aggfunc="first",
        sort=False,
        fill_value="–",
    )
    return Table("Published by others, each by the rule of its row", wide.rename_axis(columns=None).reset_index())
